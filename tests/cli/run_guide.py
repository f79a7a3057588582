"""Runs the commands of guides in their order and looks for the lines that they quote.

usage: run_guide.py GUIDE.md...     (in a directory for scratch, with the program on the PATH)

A block of code is

- a file, if the line before it is <!-- file: NAME -->: it is written under that name;
- a session, if it is marked `console`: lines after "$ " are commands (a backslash at the end goes
  on in the next line), the others are what the command prints, "..." whatever stands between.

Words are compared exactly, numbers to two percent: another processor may differ in the last digits.
"""
import pathlib
import re
import shutil
import subprocess
import sys

NEAR = 0.02
BLOCK = re.compile(r"(?:<!-- file: (\S+) -->\n+)?^```(\w*)\n(.*?)^```$", re.M | re.S)
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")

failures = 0


def complain(message):
    global failures
    failures += 1
    print("FAILED:", message)


def commands(session):
    """Command lines, each with the lines that it prints."""
    found = []
    lines = iter(session.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command = command[:-1] + next(lines).strip()
            found.append((command, []))
        elif line.strip() not in ("", "..."):
            found[-1][1].append(line)
    return found


def same_word(quoted, printed):
    if quoted == printed:
        return True
    ours, theirs = NUMBER.findall(quoted), NUMBER.findall(printed)
    if NUMBER.sub("#", quoted) != NUMBER.sub("#", printed):
        return False
    return all(abs(float(a) - float(b)) <= NEAR * max(abs(float(a)), abs(float(b)))
               for a, b in zip(ours, theirs))


def same_line(quoted, printed):
    quoted, printed = quoted.split(), printed.split()
    return len(quoted) == len(printed) and all(map(same_word, quoted, printed))


def compare(command, quoted, printed):
    """Quoted lines stand in the output, in this order."""
    lines = iter(printed.splitlines())
    for line in quoted:
        if not any(same_line(line, other) for other in lines):
            complain(f"{command}\n  no longer prints, or not in this order:\n  {line}")
            return


def run(command, quoted):
    if shutil.which(command.split()[0]) is None:
        print(f"skipped: {command} (there is no {command.split()[0]})")
        return
    done = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True)
    if done.returncode != 0:
        complain(f"{command}\n  ends with {done.returncode}: {done.stdout[-500:]}")
    else:
        compare(command, quoted, done.stdout)


def follow(guide):
    """How many commands it has."""
    count = 0
    for block in BLOCK.finditer(guide):
        name, language, body = block.groups()
        if name is not None:
            pathlib.Path(name).write_text(body, encoding="utf-8")
        elif language == "console":
            for command, quoted in commands(body):
                count += 1
                run(command, quoted)
    return count


def main():
    for path in map(pathlib.Path, sys.argv[1:]):
        count = follow(path.read_text(encoding="utf-8"))
        print(f"{count} commands of {path.name}")
        if count == 0:
            complain(f"{path} has no commands")
    return 1 if failures else 0


sys.exit(main())

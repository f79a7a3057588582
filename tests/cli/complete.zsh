# What zsh offers at some places of the command line, one "PLACE OFFER" a line; called by
# check_completion.sh. A shell in a pseudo terminal completes, and its compadd notes the matches.
#
# usage: zsh -f complete.zsh DIRECTORY-OF-_stepdose VERB...
zmodload zsh/zpty
notes=$PWD/zsh_notes.txt
directory=$1
shift

cat >setup.zsh <<SETUP
fpath=($directory \$fpath)
autoload -Uz compinit
compinit -u -D
compadd() {
  if [[ " \${(j: :)@[1,(i)(-|--)]} " == *" -"[OAD]" "* ]]; then
    builtin compadd "\$@"
    return
  fi
  local -a hits
  builtin compadd -O hits "\$@"
  print -rl -- \$hits >>$notes
  builtin compadd "\$@"
}
complete_and_clear() {
  zle complete-word
  BUFFER=
  print -r -- '<end>' >>$notes
}
zle -N complete_and_clear
bindkey '^I' complete_and_clear
print -r -- '<end>' >>$notes
SETUP

# waits for the shell to have noted everything; fails after ten seconds
await() {
  local i
  for ((i = 0; i < 200; i++)); do
    grep -qx '<end>' $notes && return 0
    zpty -rt shell >/dev/null # what it echoes must not fill the terminal
    sleep 0.05
  done
  print -r -- "no answer from the shell"
  exit 1
}

# offers PLACE LINE
offers() {
  : >$notes
  zpty -w -n shell "$2"$'\t'
  await
  grep -vx '<end>' $notes | sed '/^$/d' | sed "s/^/$1 /"
}

: >$notes
zpty -b shell zsh -f -i
zpty -w shell "source $PWD/setup.zsh"
await
offers verb 'stepdose '
for verb in $@; do
  offers $verb "stepdose $verb -"
  offers $verb "stepdose $verb --"
done
offers progress 'stepdose propose --progress='
zpty -d shell

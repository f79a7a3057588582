/* Build-time program: writes the sparse linear solver of one model as straight-line code. The model
 * is chosen by definitions of the compiler: STRUCTURE_HEADER (quoted), STRUCTURE_FUNCTION and
 * STRUCTURE_STATES, see hosseini2020_structure.h.
 *
 * Every step of a Rosenbrock method solves (shift*I - J) x = b several times with the same J. The
 * pattern of J never changes, so all decisions are made here, once:
 *   1. strongly connected blocks of the dependency graph (Tarjan): states that only feed others, or
 *      are only fed (drug, cytokines), form blocks of their own and cause no fill;
 *   2. inside a block, pivots on the diagonal in the order of least fill (Markowitz);
 *   3. elimination and substitution written out, entry by entry.
 * Diagonal pivots are safe because shift = 1/(gamma*h) dominates for small steps; a step whose
 * solution is not finite is rejected by the integrator and repeated with a smaller h.
 *
 * Output (C, stdout): N, NONZEROS, FACTORS, jacobian_index, solver_factor, solver_solve. */
#include STRUCTURE_HEADER

#include <stdbool.h>
#include <stdio.h>

enum { N = STRUCTURE_STATES };

static bool depends_on[N][N]; /* the pattern of J */
static int entry[N][N];       /* index of J_ij among the nonzeros */
static bool filled[N][N];     /* pattern of the factors, inside blocks */
static int block_of[N], n_blocks;
static int order[N]; /* elimination order */

static void note(void *context, int i, int j)
{
  (void)context;
  depends_on[i][j] = true;
}

/* Tarjan's algorithm. Blocks come out with everything a block depends on before it. */
static int visit_number[N], low_link[N], stack[N], stack_size, visits;
static bool on_stack[N];

static void visit(int v)
{
  visit_number[v] = low_link[v] = ++visits;
  stack[stack_size++] = v;
  on_stack[v] = true;
  for (int w = 0; w < N; w++) {
    if (!depends_on[v][w]) {
      continue;
    }
    if (!visit_number[w]) {
      visit(w);
    }
    if (on_stack[w] && low_link[w] < low_link[v]) {
      low_link[v] = low_link[w];
    }
  }
  if (low_link[v] == visit_number[v]) {
    int w;
    do {
      w = stack[--stack_size];
      on_stack[w] = false;
      block_of[w] = n_blocks;
    } while (w != v);
    n_blocks++;
  }
}

static bool in_block(int i, int j) { return block_of[i] == block_of[j]; }

/* Entries that eliminating pivot k would touch: (column count - 1) * (row count - 1). */
static int markowitz_cost(int k, const bool *done)
{
  int rows = 0, columns = 0;
  for (int i = 0; i < N; i++) {
    rows += i != k && !done[i] && filled[i][k];
    columns += i != k && !done[i] && filled[k][i];
  }
  return rows * columns;
}

static int cheapest_pivot(int block, const bool *done)
{
  int best = -1, best_cost = 0;
  for (int k = 0; k < N; k++) {
    if (!done[k] && block_of[k] == block) {
      int cost = markowitz_cost(k, done);
      if (best < 0 || cost < best_cost) {
        best = k;
        best_cost = cost;
      }
    }
  }
  return best;
}

static void choose_order(void)
{
  bool done[N] = {false};
  int count = 0;
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      filled[i][j] = depends_on[i][j] && in_block(i, j);
    }
  }
  for (int block = 0; block < n_blocks; block++) {
    for (int k; (k = cheapest_pivot(block, done)) >= 0;) {
      done[k] = true;
      order[count++] = k;
      for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
          filled[i][j] |= !done[i] && !done[j] && filled[i][k] && filled[k][j];
        }
      }
    }
  }
}

static int count_entries(void)
{
  int count = 0;
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      entry[i][j] = depends_on[i][j] ? count++ : -1;
    }
  }
  return count;
}

static void write_index(int nonzeros)
{
  printf("enum { JACOBIAN_NONZEROS = %d };\n", nonzeros);
  printf("static const short jacobian_index[%d][%d] = {\n", N, N);
  for (int i = 0; i < N; i++) {
    printf("  {");
    for (int j = 0; j < N; j++) {
      printf("%d%s", entry[i][j], j + 1 < N ? "," : "},\n");
    }
  }
  printf("};\n\n");
}

static void write_factor(void)
{
  int slot = 0;
  printf("static inline void solver_factor(const lane *jac, lane shift, lane *lu)\n{\n");
  printf("  const lane one = lane_set(1.0);\n");
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      if (filled[i][j]) {
        printf("  lane w%d_%d = ", i, j);
        if (depends_on[i][j]) {
          printf(i == j ? "shift - jac[%d];\n" : "-jac[%d];\n", entry[i][j]);
        } else {
          printf("lane_set(0.0);\n");
        }
      }
    }
  }
  for (int a = 0; a < N; a++) {
    const int k = order[a];
    printf("  w%d_%d = one / w%d_%d;\n", k, k, k, k); /* pivots are kept as reciprocals */
    for (int b = a + 1; b < N; b++) {
      const int i = order[b];
      if (!filled[i][k]) {
        continue;
      }
      printf("  w%d_%d *= w%d_%d;\n", i, k, k, k);
      for (int c = a + 1; c < N; c++) {
        if (filled[k][order[c]]) {
          printf("  w%d_%d = lane_fma(-w%d_%d, w%d_%d, w%d_%d);\n", i, order[c], i, k, k, order[c],
                 i, order[c]);
        }
      }
    }
  }
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      if (filled[i][j]) {
        printf("  lu[%d] = w%d_%d;\n", slot++, i, j);
      }
    }
  }
  printf("}\n\nenum { SOLVER_FACTORS = %d };\n\n", slot);
}

static int factor_slot(int row, int column)
{
  int slot = 0;
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      if (i == row && j == column) {
        return slot;
      }
      slot += filled[i][j];
    }
  }
  return -1;
}

static void write_subtract(int row, int column)
{
  printf("  x%d = lane_fma(-lu[%d], x%d, x%d);\n", row, factor_slot(row, column), column, row);
}

/* One block: contributions of earlier blocks move to the right-hand side, then L, then U. */
static void write_block_solve(int first, int last)
{
  for (int a = first; a < last; a++) {
    const int i = order[a];
    for (int j = 0; j < N; j++) {
      if (depends_on[i][j] && !in_block(i, j)) {
        printf("  x%d = lane_fma(jac[%d], x%d, x%d);\n", i, entry[i][j], j, i);
      }
    }
  }
  for (int a = first; a < last; a++) {
    for (int b = a + 1; b < last; b++) {
      if (filled[order[b]][order[a]]) {
        write_subtract(order[b], order[a]);
      }
    }
  }
  for (int a = last - 1; a >= first; a--) {
    const int k = order[a];
    for (int b = a + 1; b < last; b++) {
      if (filled[k][order[b]]) {
        write_subtract(k, order[b]);
      }
    }
    printf("  x%d *= lu[%d];\n", k, factor_slot(k, k));
  }
}

static void write_solve(void)
{
  printf("static inline void solver_solve(const lane *jac, const lane *lu, lane *x)\n{\n");
  for (int i = 0; i < N; i++) {
    printf("  lane x%d = x[%d];\n", i, i);
  }
  for (int first = 0; first < N;) {
    int last = first;
    while (last < N && in_block(order[first], order[last])) {
      last++;
    }
    write_block_solve(first, last);
    first = last;
  }
  for (int i = 0; i < N; i++) {
    printf("  x[%d] = x%d;\n", i, i);
  }
  printf("}\n");
}

int main(void)
{
  STRUCTURE_FUNCTION(note, NULL);
  for (int v = 0; v < N; v++) {
    if (!visit_number[v]) {
      visit(v);
    }
  }
  choose_order();
  printf("/* Generated from %s by generate_solver.c; %d blocks. */\n", STRUCTURE_HEADER, n_blocks);
  write_index(count_entries());
  write_factor();
  write_solve();
  return 0;
}

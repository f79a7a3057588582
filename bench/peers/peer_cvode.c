/* Peer: CVODE (SUNDIALS), BDF with the model's analytic Jacobian, dense or sparse (KLU),
 * reinitialised at the start of every segment, never stepping past its end. Debian builds SUNDIALS
 * without optimisation: see README.md. usage: peer_cvode [TOLERANCE...] */
#include "peer.h"

#include "base/allocate.h"

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <string.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#ifdef PEERS_KLU
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>
#endif

enum { STEPS_MAX = 1000000 };

typedef struct cvode {
  peer_system *system;
  SUNContext context;
  void *memory;
  N_Vector y, absolute, interpolated;
  SUNMatrix matrix;
  SUNLinearSolver linear;
} cvode;

static int rates(realtype t, N_Vector y, N_Vector rate, void *system)
{
  (void)t;
  system_rates(system, N_VGetArrayPointer(y), N_VGetArrayPointer(rate));
  return 0;
}

static int dense_jacobian(realtype t, N_Vector y, N_Vector fy, SUNMatrix matrix, void *system,
                          N_Vector scratch, N_Vector b, N_Vector c)
{
  (void)t, (void)fy, (void)b, (void)c;
  system_dense_jacobian(system, N_VGetArrayPointer(y), SUNDenseMatrix_Data(matrix), SYSTEM_N,
                        N_VGetArrayPointer(scratch));
  return 0;
}

static void choose_dense(cvode *c)
{
  c->matrix = SUNDenseMatrix(SYSTEM_N, SYSTEM_N, c->context);
  c->linear = SUNLinSol_Dense(c->y, c->matrix, c->context);
}

static void close_cvode(void *solver)
{
  cvode *c = solver;
  CVodeFree(&c->memory);
  SUNLinSolFree(c->linear);
  SUNMatDestroy(c->matrix);
  N_VDestroy(c->y);
  N_VDestroy(c->absolute);
  N_VDestroy(c->interpolated);
  SUNContext_Free(&c->context);
  release(c);
}

static bool prepare(cvode *c, const workload *w, double tolerance, void (*choose)(cvode *c),
                    CVLsJacFn jacobian)
{
  if (SUNContext_Create(NULL, &c->context) != 0) {
    return false;
  }
  c->y = N_VNew_Serial(SYSTEM_N, c->context);
  c->absolute = N_VNew_Serial(SYSTEM_N, c->context);
  c->interpolated = N_VNew_Serial(SYSTEM_N, c->context);
  c->memory = CVodeCreate(CV_BDF, c->context);
  choose(c);
  for (int i = 0; i < SYSTEM_N; i++) {
    N_VGetArrayPointer(c->y)[i] = w->initial[i];
    N_VGetArrayPointer(c->absolute)[i] = tolerance * w->scale[i];
  }
  return CVodeInit(c->memory, rates, 0, c->y) == CV_SUCCESS &&
         CVodeSVtolerances(c->memory, tolerance, c->absolute) == CV_SUCCESS &&
         CVodeSetUserData(c->memory, c->system) == CV_SUCCESS &&
         CVodeSetLinearSolver(c->memory, c->linear, c->matrix) == CV_SUCCESS &&
         CVodeSetJacFn(c->memory, jacobian) == CV_SUCCESS &&
         CVodeSetMaxNumSteps(c->memory, STEPS_MAX) == CV_SUCCESS;
}

static void *open_with(peer_system *s, const workload *w, double tolerance,
                       void (*choose)(cvode *c), CVLsJacFn jacobian)
{
  cvode *c = allocate_zeroed(1, sizeof *c);
  if (!c) {
    return NULL;
  }
  c->system = s;
  if (!prepare(c, w, tolerance, choose, jacobian)) {
    close_cvode(c);
    return NULL;
  }
  return c;
}

static void *open_dense(peer_system *s, const workload *w, double tolerance)
{
  return open_with(s, w, tolerance, choose_dense, dense_jacobian);
}

/* One internal step at a time, so that the steps do not depend on which outputs are wanted. */
static bool run(void *solver, double start, int n, const double *day, const bool *daily,
                const double *y, double *out)
{
  (void)daily;
  cvode *c = solver;
  const double end = day[n - 1];
  memcpy(N_VGetArrayPointer(c->y), y, SYSTEM_N * sizeof *y);
  if (CVodeReInit(c->memory, start, c->y) != CV_SUCCESS ||
      CVodeSetStopTime(c->memory, end) != CV_SUCCESS) {
    return false;
  }
  double t = start;
  for (int i = 0; i < n;) {
    if (CVode(c->memory, end, c->y, &t, CV_ONE_STEP) < 0) {
      return false;
    }
    for (; i < n && day[i] <= t; i++) {
      if (CVodeGetDky(c->memory, day[i], 0, c->interpolated) != CV_SUCCESS) {
        return false;
      }
      memcpy(out + (long)i * SYSTEM_N, N_VGetArrayPointer(c->interpolated), SYSTEM_N * sizeof *out);
    }
  }
  return true;
}

#ifdef PEERS_KLU
static int sparse_jacobian(realtype t, N_Vector y, N_Vector fy, SUNMatrix matrix, void *system,
                           N_Vector scratch, N_Vector b, N_Vector c)
{
  (void)t, (void)fy, (void)b, (void)c;
  peer_system *s = system;
  for (int j = 0; j <= SYSTEM_N; j++) {
    SUNSparseMatrix_IndexPointers(matrix)[j] = s->column[j];
  }
  for (int k = 0; k < s->column[SYSTEM_N]; k++) {
    SUNSparseMatrix_IndexValues(matrix)[k] = s->row[k];
  }
  system_sparse_jacobian(s, N_VGetArrayPointer(y), SUNSparseMatrix_Data(matrix),
                         N_VGetArrayPointer(scratch));
  return 0;
}

static void choose_sparse(cvode *c)
{
  c->matrix = SUNSparseMatrix(SYSTEM_N, SYSTEM_N, c->system->column[SYSTEM_N], CSC_MAT, c->context);
  c->linear = SUNLinSol_KLU(c->y, c->matrix, c->context);
}

static void *open_sparse(peer_system *s, const workload *w, double tolerance)
{
  return open_with(s, w, tolerance, choose_sparse, sparse_jacobian);
}
#endif

static const peer_solver solvers[] = {
    {"CVODE BDF dense C Jacobian (Debian)", open_dense, run, close_cvode, 3, {1e-4, 1e-5, 1e-6}},
#ifdef PEERS_KLU
    {"CVODE BDF sparse C Jacobian KLU (Debian)",
     open_sparse,
     run,
     close_cvode,
     3,
     {1e-4, 1e-5, 1e-6}},
#endif
};

int main(int argc, char **argv)
{
  return peer_main(argc, argv, sizeof solvers / sizeof solvers[0], solvers);
}

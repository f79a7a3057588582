/* synapse without normal tissues: the same tables and equations, laid out for fewer states. */
#define SYNAPSE_TISSUES 0
#include "model/synapse.c"

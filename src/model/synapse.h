/* Our own model: the cell network of hosseini2020, driven by trimers per synapse, so that affinity,
 * valency, antigen density, half-life, masking and normal tissue are design variables. Reached
 * through model_find("synapse"); docs/synapse.md writes it out. */
#ifndef MODEL_SYNAPSE_H
#define MODEL_SYNAPSE_H

#include "model/model.h"

extern const model synapse;       /* with room for MODEL_TISSUES_MAX normal tissues */
extern const model synapse_plain; /* without normal tissues: fewer states */

#endif

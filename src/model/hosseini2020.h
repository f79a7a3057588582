/* The published mosunetuzumab and blinatumomab model; reached through model_find("hosseini2020").
 */
#ifndef MODEL_HOSSEINI2020_H
#define MODEL_HOSSEINI2020_H

#include "model/model.h"

extern const model hosseini2020;

#endif

# The linear solver of each model is generated from its structure by a small program at build time:
# <solver>_solver.h from src/model/<structure>_structure.h, compiled with the definitions that
# follow.
set(generated_dir ${PROJECT_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${generated_dir})

function(stepdose_generate_solver solver structure)
  string(TOUPPER ${structure} upper)
  add_executable(generate_${solver} src/model/generate_solver.c)
  target_include_directories(generate_${solver} PRIVATE src)
  target_compile_definitions(generate_${solver} PRIVATE
    STRUCTURE_HEADER="model/${structure}_structure.h" STRUCTURE_FUNCTION=${structure}_structure
    STRUCTURE_STATES=${upper}_STATES ${ARGN})
  add_custom_command(
    OUTPUT ${generated_dir}/${solver}_solver.h
    COMMAND generate_${solver} > ${generated_dir}/${solver}_solver.h
    DEPENDS generate_${solver}
    COMMENT "Generating the sparse solver of ${solver}")
  add_custom_target(${solver}_solver DEPENDS ${generated_dir}/${solver}_solver.h)
endfunction()

# Code on lanes is compiled once per width, wide lanes with the instructions they need; which width
# runs is chosen at run time (src/model/width.c), so that one binary runs everywhere.
set(lane_widths 1 2)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|amd64")
  list(APPEND lane_widths 4 8)
  add_compile_definitions(STEPDOSE_WIDE_LANES)
endif()
set(lane_flags_4 -mavx2 -mfma)
set(lane_flags_8 -mavx512f -mavx512dq -mavx512vl -mprefer-vector-width=512)
pkg_check_modules(SLEEF REQUIRED IMPORTED_TARGET sleef)

# Compiles a source for every lane width, with the definitions that follow.
function(stepdose_add_lanes name source)
  foreach(width ${lane_widths})
    set(target lanes_${name}_w${width})
    add_library(${target} OBJECT ${source})
    target_compile_definitions(${target} PRIVATE LANES=${width} ${ARGN})
    target_include_directories(${target} PRIVATE include src ${generated_dir})
    # lanes never cross an interface by value: every function on them is inlined
    target_compile_options(${target} PRIVATE -Wno-psabi ${lane_flags_${width}})
    target_link_libraries(${target} PRIVATE PkgConfig::SLEEF)
    list(APPEND STEPDOSE_GENERATED_SOURCES $<TARGET_OBJECTS:${target}>)
  endforeach()
  list(APPEND STEPDOSE_EXCLUDED_SOURCES ${PROJECT_SOURCE_DIR}/${source})
  set(STEPDOSE_GENERATED_SOURCES ${STEPDOSE_GENERATED_SOURCES} PARENT_SCOPE)
  set(STEPDOSE_EXCLUDED_SOURCES ${STEPDOSE_EXCLUDED_SOURCES} PARENT_SCOPE)
endfunction()

# The kernel of a model, src/model/<structure>_kernel.c, with its solver.
macro(stepdose_add_kernel solver structure)
  stepdose_generate_solver(${solver} ${structure} ${ARGN})
  stepdose_add_lanes(${solver} src/model/${structure}_kernel.c ${ARGN})
  foreach(width ${lane_widths})
    add_dependencies(lanes_${solver}_w${width} ${solver}_solver)
  endforeach()
endmacro()

stepdose_add_lanes(math src/model/lane_math.c)
stepdose_add_lanes(steps src/simulate/rosenbrock_step.c)
stepdose_add_kernel(hosseini2020 hosseini2020)
foreach(tissues 0 4)
  stepdose_add_kernel(synapse${tissues} synapse SYNAPSE_TISSUES=${tissues})
endforeach()

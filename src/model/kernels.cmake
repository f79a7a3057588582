# The model kernel is compiled once per lane width; its linear solver is generated from the model's
# structure by a small program that runs at build time.
add_executable(generate_solver src/model/generate_solver.c)
target_include_directories(generate_solver PRIVATE src)
set(generated_dir ${PROJECT_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${generated_dir})
add_custom_command(
  OUTPUT ${generated_dir}/hosseini2020_solver.h
  COMMAND generate_solver > ${generated_dir}/hosseini2020_solver.h
  DEPENDS generate_solver
  COMMENT "Generating the sparse solver of hosseini2020")
add_custom_target(hosseini2020_solver DEPENDS ${generated_dir}/hosseini2020_solver.h)

foreach(width 1 2 4)
  add_library(kernel_w${width} OBJECT src/model/hosseini2020_kernel.c)
  add_dependencies(kernel_w${width} hosseini2020_solver)
  target_compile_definitions(kernel_w${width} PRIVATE LANES=${width})
  target_include_directories(kernel_w${width} PRIVATE include src ${generated_dir})
  # lanes never cross an interface by value: every function on them is inlined
  target_compile_options(kernel_w${width} PRIVATE -Wno-psabi)
  list(APPEND STEPDOSE_GENERATED_SOURCES $<TARGET_OBJECTS:kernel_w${width}>)
endforeach()
list(APPEND STEPDOSE_EXCLUDED_SOURCES ${PROJECT_SOURCE_DIR}/src/model/hosseini2020_kernel.c)

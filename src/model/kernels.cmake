# The linear solver is generated from the model's structure by a small program at build time.
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

# Code on lanes is compiled once per width, wide lanes with the instructions they need; which width
# runs is chosen at run time (src/model/width.c), so that one binary runs everywhere.
set(lane_sources ${PROJECT_SOURCE_DIR}/src/model/hosseini2020_kernel.c
                 ${PROJECT_SOURCE_DIR}/src/model/lane_math.c
                 ${PROJECT_SOURCE_DIR}/src/simulate/rosenbrock_step.c)
set(lane_widths 1 2)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|amd64")
  list(APPEND lane_widths 4 8)
  add_compile_definitions(STEPDOSE_WIDE_LANES)
endif()
set(lane_flags_4 -mavx2 -mfma)
set(lane_flags_8 -mavx512f -mavx512dq -mavx512vl -mprefer-vector-width=512)
pkg_check_modules(SLEEF REQUIRED IMPORTED_TARGET sleef)

foreach(width ${lane_widths})
  add_library(lanes_w${width} OBJECT ${lane_sources})
  add_dependencies(lanes_w${width} hosseini2020_solver)
  target_compile_definitions(lanes_w${width} PRIVATE LANES=${width})
  target_include_directories(lanes_w${width} PRIVATE include src ${generated_dir})
  # lanes never cross an interface by value: every function on them is inlined
  target_compile_options(lanes_w${width} PRIVATE -Wno-psabi ${lane_flags_${width}})
  target_link_libraries(lanes_w${width} PRIVATE PkgConfig::SLEEF)
  list(APPEND STEPDOSE_GENERATED_SOURCES $<TARGET_OBJECTS:lanes_w${width}>)
endforeach()
list(APPEND STEPDOSE_EXCLUDED_SOURCES ${lane_sources})

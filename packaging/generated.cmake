# What the tables of the command line and of the file formats say, for other programs: manual,
# completion, schemas. In the build it lies under share/ as it does where it is installed.
set(share_dir ${PROJECT_BINARY_DIR}/share)
set(generated_files "")

string(TIMESTAMP build_date "%Y-%m-%d" UTC) # SOURCE_DATE_EPOCH, where it is set

# stepdose_generate(generator path-under-share ARGUMENT...)
function(stepdose_generate generator path)
  cmake_path(GET path PARENT_PATH directory)
  file(MAKE_DIRECTORY ${share_dir}/${directory})
  add_custom_command(OUTPUT ${share_dir}/${path}
    COMMAND ${generator} ${ARGN} > ${share_dir}/${path}
    DEPENDS ${generator}
    COMMENT "Generating ${path}")
  set(generated_files ${generated_files} ${share_dir}/${path} PARENT_SCOPE)
endfunction()

# the tables of the command line are in parse.c
foreach(generator manual completion)
  add_executable(generate_${generator} src/cli/generate_${generator}.c src/cli/parse.c)
  target_link_libraries(generate_${generator} PRIVATE stepdose_lib)
endforeach()
foreach(generator schema result_schema)
  add_executable(generate_${generator} src/cli/generate_${generator}.c)
  target_link_libraries(generate_${generator} PRIVATE stepdose_lib)
endforeach()

stepdose_generate(generate_manual man/man1/stepdose.1 ${build_date})
stepdose_generate(generate_completion bash-completion/completions/stepdose bash)
stepdose_generate(generate_completion zsh/site-functions/_stepdose zsh)
foreach(kind problem molecule indication population regimen evidence parameters changes)
  stepdose_generate(generate_schema stepdose/schema/${kind}.schema.json ${kind})
endforeach()
stepdose_generate(generate_result_schema stepdose/schema/result.schema.json schema)
add_custom_target(share ALL DEPENDS ${generated_files})

# What `cmake --install` puts where. Paths inside the installed files are relative to them: the
# whole tree may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS stepdose)
install(TARGETS stepdose_shared EXPORT stepdose_targets
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES include/stepdose.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${share_dir}/man/man1/stepdose.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
foreach(directory bash-completion zsh stepdose)
  install(DIRECTORY ${share_dir}/${directory} DESTINATION ${CMAKE_INSTALL_DATADIR})
endforeach()
install(DIRECTORY problems examples DESTINATION ${CMAKE_INSTALL_DATADIR}/stepdose
        PATTERN invalid EXCLUDE)
install(FILES README.md CHANGELOG.md CITATION.cff LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})

# --- pkg-config -------------------------------------------------------------------------------

set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
# how to go from the directory of stepdose.pc to the prefix; absolute directories stay what they are
set(placed /prefix)
cmake_path(APPEND placed_pc ${placed} ${pkgconfig_dir})
file(RELATIVE_PATH up ${placed_pc} ${placed})
if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
  set(pc_prefix ${CMAKE_INSTALL_PREFIX})
else()
  set(pc_prefix "\${pcfiledir}/${up}")
  string(REGEX REPLACE "/$" "" pc_prefix ${pc_prefix})
endif()
set(pc_libdir "\${prefix}")
cmake_path(APPEND pc_libdir ${CMAKE_INSTALL_LIBDIR})
set(pc_includedir "\${prefix}")
cmake_path(APPEND pc_includedir ${CMAKE_INSTALL_INCLUDEDIR})
set(pc_datadir "\${prefix}")
cmake_path(APPEND pc_datadir ${CMAKE_INSTALL_DATADIR})
configure_file(packaging/stepdose.pc.in ${PROJECT_BINARY_DIR}/packaging/stepdose.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/packaging/stepdose.pc DESTINATION ${pkgconfig_dir})

# --- find_package(stepdose) -------------------------------------------------------------------

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/stepdose)
install(EXPORT stepdose_targets NAMESPACE stepdose:: FILE stepdose-targets.cmake
        DESTINATION ${package_dir})
set(package_data_dir ${CMAKE_INSTALL_DATADIR}/stepdose)
configure_package_config_file(packaging/stepdose-config.cmake.in
                              ${PROJECT_BINARY_DIR}/packaging/stepdose-config.cmake
                              INSTALL_DESTINATION ${package_dir} PATH_VARS package_data_dir)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/packaging/stepdose-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/packaging/stepdose-config.cmake
              ${PROJECT_BINARY_DIR}/packaging/stepdose-config-version.cmake
        DESTINATION ${package_dir})

# SPDX-License-Identifier: GPL-2.0-only
# The Debian package: cmake --build BUILD -t package, or cpack in the build folder.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME plugsched)
set(CPACK_PACKAGE_CONTACT "Seed e21fa5b1 maintainers <maintainers@users.noreply.r-seed-e21fa5b1.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "replace a running kernel's CPU scheduler by a module")
set(CPACK_PACKAGE_DESCRIPTION "plugsched finds out, for a given build of Linux, which functions and data
of the CPU scheduler can be replaced, extracts it as the source of a module
that a person can edit, loads the module in the scheduler's place without a
reboot, and takes it out again.
.
A machine whose scheduler is replaced needs the command plugsched and the
module; the other commands are for the machine that builds it. The unit
plugsched@.service loads a module at boot.")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_SET_DESTDIR ON) # so that paths in installed files are those on the target machine
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_PLUGSCHED_DEBIAN ${CMAKE_CURRENT_SOURCE_DIR}/debian)
set(CPACK_PRE_BUILD_SCRIPTS ${CPACK_PLUGSCHED_DEBIAN}/stage.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${CPACK_PACKAGE_CONTACT})
set(CPACK_DEBIAN_PACKAGE_SECTION kernel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# not needed if a module is only loaded: extract creates a git repository, build runs make, which
# runs the kernel's compiler
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gcc, git, make")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, graphviz, jq")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(file conffiles postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CPACK_PLUGSCHED_DEBIAN}/${file})
endforeach()
include(CPack)

# SPDX-License-Identifier: GPL-2.0-only
# Installs the libraries of the page's tests into WORK, unless that was done: cmake -DNPM= -DSOURCE=
# -DWORK= -P modules.cmake
file(SHA256 ${SOURCE}/package-lock.json wanted)
if(EXISTS ${WORK}/installed)
  file(READ ${WORK}/installed found)
  if(found STREQUAL wanted)
    return()
  endif()
endif()
file(MAKE_DIRECTORY ${WORK})
file(COPY ${SOURCE}/package.json ${SOURCE}/package-lock.json ${SOURCE}/.npmrc DESTINATION ${WORK})
execute_process(COMMAND ${NPM} ci --prefix ${WORK} --ignore-scripts --no-audit --no-fund --loglevel=error COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${WORK}/installed ${wanted})

# SPDX-License-Identifier: GPL-2.0-only
# CPack runs this when everything is installed in a folder of its own. Adds what only the Debian
# package has, and compresses what Debian wants compressed.
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY})
set(documents ${root}/usr/share/doc/plugsched)
set(source ${CPACK_PLUGSCHED_DEBIAN})

set(VERSION ${CPACK_PACKAGE_VERSION})
set(MAINTAINER ${CPACK_PACKAGE_CONTACT})
configure_file(${source}/changelog.in ${documents}/changelog @ONLY)
configure_file(${source}/copyright ${documents}/copyright COPYONLY)
configure_file(${source}/default ${root}/etc/default/plugsched COPYONLY)
configure_file(${source}/lintian-overrides ${root}/usr/share/lintian/overrides/plugsched COPYONLY)
file(MAKE_DIRECTORY ${root}/var/lib/plugsched)

# where Debian's zsh searches
file(RENAME ${root}/usr/share/zsh/site-functions ${root}/usr/share/zsh/vendor-completions)

file(GLOB pages ${root}/usr/share/man/man1/*.1)
foreach(file ${pages} ${documents}/changelog)
  execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
execute_process(COMMAND chmod -R u=rwX,go=rX ${root} COMMAND_ERROR_IS_FATAL ANY)

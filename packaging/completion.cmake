# SPDX-License-Identifier: GPL-2.0-only
# Shell completion: the programs' own --help is read once they are built. build/packaging/completion
# can be used directly.
set(PLUGSCHED_BASH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/bash-completion/completions CACHE STRING "folder for bash's completions")
set(PLUGSCHED_ZSH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING "folder for zsh's completions")
set(PLUGSCHED_FISH ${CMAKE_INSTALL_DATADIR}/fish CACHE STRING "folder for fish's vendor_completions.d and vendor_functions.d")

set(completion ${CMAKE_CURRENT_BINARY_DIR}/completion)
set(COMPLETE ${completion}/complete.sh)
list(TRANSFORM programs REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE files)
configure_file(completion/complete.sh ${completion}/complete.sh COPYONLY)
configure_file(completion/plugsched.bash.in ${completion}/bash/plugsched @ONLY)
configure_file(completion/_plugsched.in ${completion}/_plugsched @ONLY)
configure_file(completion/__plugsched_complete.fish.in ${completion}/fish/vendor_functions.d/__plugsched_complete.fish @ONLY)
foreach(program ${programs})
  if(NOT program STREQUAL plugsched) # bash looks for a file with the name of the command
    file(CREATE_LINK plugsched ${completion}/bash/${program} SYMBOLIC)
    install(FILES ${completion}/bash/${program} DESTINATION ${PLUGSCHED_BASH_COMPLETIONS})
  endif()
  file(WRITE ${completion}/fish/vendor_completions.d/${program}.fish "complete -c ${program} -f -a '(__plugsched_complete)'\n")
endforeach()

if(NOT PLUGSCHED_FUZZ) # its programs are not meant for use
  add_custom_command(OUTPUT ${completion}/table
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/completion/table.sh ${completion}/table ${files}
    DEPENDS ${programs} completion/table.sh
    COMMENT "Reading what --help offers" VERBATIM)
  add_custom_target(completion ALL DEPENDS ${completion}/table)
endif()

install(PROGRAMS completion/complete.sh DESTINATION ${CMAKE_INSTALL_DATADIR}/plugsched/completion)
install(FILES ${completion}/table DESTINATION ${CMAKE_INSTALL_DATADIR}/plugsched/completion)
install_configured(completion/plugsched.bash ${PLUGSCHED_BASH_COMPLETIONS} plugsched)
install_configured(completion/_plugsched ${PLUGSCHED_ZSH_COMPLETIONS})
install_configured(completion/__plugsched_complete.fish ${PLUGSCHED_FISH}/vendor_functions.d)
install(DIRECTORY ${completion}/fish/vendor_completions.d DESTINATION ${PLUGSCHED_FISH})

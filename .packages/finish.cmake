# Run by cpack between staging and packing: what Debian wants of every package.
foreach(component ${CPACK_COMPONENTS_ALL})
  set(stage ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component})
  set(name ${CPACK_PACKAGE_OF_${component}})
  set(doc ${stage}/usr/share/doc/${name})
  file(COPY ${CPACK_PACKAGES_FOLDER}/copyright ${CPACK_PACKAGES_FOLDER}/changelog DESTINATION ${doc}
    FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  file(GLOB_RECURSE texts LIST_DIRECTORIES false ${doc}/changelog ${stage}/usr/share/man/*)
  foreach(text ${texts})
    if(IS_SYMLINK ${text})  # an alias of a page: both are compressed
      file(READ_SYMLINK ${text} target)
      file(REMOVE ${text})
      file(CREATE_LINK ${target}.gz ${text}.gz SYMBOLIC)
    else()
      execute_process(COMMAND gzip -9n ${text} COMMAND_ERROR_IS_FATAL ANY)
    endif()
  endforeach()
  set(overrides ${CPACK_PACKAGES_FOLDER}/${component}/lintian-overrides)
  if(EXISTS ${overrides})
    file(COPY ${overrides} DESTINATION ${stage}/usr/share/lintian/overrides
      FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
    file(RENAME ${stage}/usr/share/lintian/overrides/lintian-overrides ${stage}/usr/share/lintian/overrides/${name})
  endif()
endforeach()

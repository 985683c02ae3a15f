# Writes OUTPUT, a table of every file of FOLDER: cmake -D FOLDER=… -D OUTPUT=… -P embed.cmake. As bytes, since a
# string literal ends at 64 kB in the standard and at strange characters in CMake.
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(REMOVE_ITEM files package.json)  # for who tests the modules outside a browser
list(SORT files)
set(arrays "")
set(rows "")
set(number 0)
foreach(path ${files})
  file(READ ${FOLDER}/${path} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND arrays "constexpr char file_${number}[] = {${bytes}'\\0'};\n")
  string(APPEND rows "    Asset{\"/${path}\", {file_${number}, sizeof file_${number} - 1}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT}.new "#include <array>\n#include \"monitor/assets.hpp\"\nnamespace keepalive::monitor {\nnamespace {\n\
${arrays}const std::array<Asset, ${number}> table = {\n${rows}};\n}\n\
std::span<const Asset> assets() { return table; }\n}\n")
file(COPY_FILE ${OUTPUT}.new ${OUTPUT} ONLY_IF_DIFFERENT)

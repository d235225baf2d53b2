# Finds simdjson: the system's (Debian libsimdjson-dev), else the pinned release is fetched and linked
# in, else this stops and says what would help. Any release will do: of it only
# simdjson::validate_utf8 is used, which every release has.
find_package(simdjson QUIET CONFIG)
if(NOT simdjson_FOUND)
  include(FetchContent)
  set(SIMDJSON_URL https://github.com/simdjson/simdjson/archive/refs/tags/v3.10.1.tar.gz)
  set(SIMDJSON_SHA256 1e8f881cb2c0f626c56cd3665832f1e97b9d4ffc648ad9e1067c134862bba060)
  set(SIMDJSON_TO ${CMAKE_BINARY_DIR}/simdjson-3.10.1.tar.gz)
  file(DOWNLOAD ${SIMDJSON_URL} ${SIMDJSON_TO} INACTIVITY_TIMEOUT 20 STATUS SIMDJSON_GOT)
  list(GET SIMDJSON_GOT 0 SIMDJSON_CODE)
  if(SIMDJSON_CODE EQUAL 0)
    file(SHA256 ${SIMDJSON_TO} SIMDJSON_FOUND_SHA256)
  endif()
  if(NOT SIMDJSON_CODE EQUAL 0 OR NOT SIMDJSON_FOUND_SHA256 STREQUAL SIMDJSON_SHA256)
    file(REMOVE ${SIMDJSON_TO})
    message(FATAL_ERROR
      "no simdjson: the system has none, and ${SIMDJSON_URL} gave none (${SIMDJSON_GOT}, SHA-256 "
      "'${SIMDJSON_FOUND_SHA256}', expected ${SIMDJSON_SHA256}). Either: apt-get install "
      "libsimdjson-dev; or build where that address can be reached; or configure with "
      "-DASRBENCH_JSONLOG=OFF (pip: -C cmake.define.ASRBENCH_JSONLOG=OFF), without asrbench logs.")
  endif()
  set(BUILD_SHARED_LIBS OFF)
  FetchContent_Declare(simdjson URL ${SIMDJSON_TO} URL_HASH SHA256=${SIMDJSON_SHA256}
    DOWNLOAD_EXTRACT_TIMESTAMP ON)
  FetchContent_MakeAvailable(simdjson)
endif()

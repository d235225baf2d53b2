#include "core/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.hpp"

namespace asrbench {

MappedFile::MappedFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail<Error>(path, ": ", std::strerror(errno));
  struct stat info{};
  if (fstat(file, &info) == 0 && S_ISREG(info.st_mode)) {
    size_ = static_cast<std::size_t>(info.st_size);
    if (size_ > 0) start_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
  }
  const int error = errno;
  close(file);
  if (!S_ISREG(info.st_mode)) fail<Error>(path, ": expected a regular file");
  if (start_ == MAP_FAILED) fail<Error>(path, ": cannot be mapped: ", std::strerror(error));
}

MappedFile::~MappedFile() {
  if (start_) munmap(start_, size_);
}

}  // namespace asrbench

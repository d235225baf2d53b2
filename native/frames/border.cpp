#include "frames/border.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace asrbench::frames {

std::ptrdiff_t reflected(std::ptrdiff_t place, std::ptrdiff_t size, Border border) {
  if (place >= 0 && place < size) return place;
  if (border == Border::kConstant) return kOutside;
  if (border == Border::kReplicate || size == 1) return place < 0 ? 0 : size - 1;
  const std::ptrdiff_t twice = border == Border::kReflect101 ? 2 * size - 2 : 2 * size;
  std::ptrdiff_t within = place % twice;
  if (within < 0) within += twice;
  return std::min(within, border == Border::kReflect101 ? twice - within : twice - 1 - within);
}

Border border_of(const std::string& name) {
  if (name == "reflect101") return Border::kReflect101;
  if (name == "reflect") return Border::kReflect;
  if (name == "replicate") return Border::kReplicate;
  if (name == "constant") return Border::kConstant;
  fail<OptionError>("border is \"", name,
                    "\"; expected reflect101, reflect, replicate or constant");
}

}  // namespace asrbench::frames

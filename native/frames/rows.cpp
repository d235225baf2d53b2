#include "frames/rows.hpp"

#include <string_view>

#include "kernels/choose.hpp"

namespace asrbench::frames {
namespace {

const Rows& rows_of(const kernels::Kernels& kernels) {
  const std::string_view isa = kernels.isa;
  if (isa.starts_with("avx512") && avx512()) return *avx512();
  if (isa.starts_with("avx") && avx2()) return *avx2();
  return *generic();
}

}  // namespace

const Rows& rows_for(const std::string& isa) { return rows_of(kernels::named(isa)); }

const Rows& rows_in_use() { return rows_of(kernels::chosen()); }

}  // namespace asrbench::frames

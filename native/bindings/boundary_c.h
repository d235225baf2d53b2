// The five functions as C declares them: cffi reads the lines between the marks.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
// cffi: begin
void asrbench_nothing(void);
double asrbench_scalars(int64_t count, double value);
double asrbench_array_in(const float* values, size_t count);
void asrbench_array_out(float* values, size_t count);
int64_t asrbench_bytes_in(const char* bytes, size_t count);
// cffi: end
#ifdef __cplusplus
}
#endif

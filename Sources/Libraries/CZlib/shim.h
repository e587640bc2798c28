#pragma once
#include <string.h>
#include <zlib.h>

// Macros, which Swift does not import. Negative window bits: raw deflate, without header and checksum.

static inline int czlib_deflate_init(z_stream *stream, int level, int window_bits, int memory_level) {
    memset(stream, 0, sizeof *stream);
    return deflateInit2(stream, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY);
}
static inline int czlib_inflate_init(z_stream *stream, int window_bits) {
    memset(stream, 0, sizeof *stream);
    return inflateInit2(stream, -window_bits);
}

// Random bits.

/// Philox4x32-10 (Salmon et al. 2011), four words a block.
static void random_words(
  uint64_t key, uint64_t stream, uint64_t first, uint32_t *words, size_t blocks) {
  _Pragma("clang loop vectorize(assume_safety)") for (size_t i = 0; i < blocks; i++) {
    uint64_t counter = first + i;
    uint32_t x0 = (uint32_t)counter, x1 = (uint32_t)(counter >> 32);
    uint32_t x2 = (uint32_t)stream, x3 = (uint32_t)(stream >> 32);
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
      uint64_t a = (uint64_t)x0 * 0xD2511F53u, b = (uint64_t)x2 * 0xCD9E8D57u;
      x0 = (uint32_t)(b >> 32) ^ x1 ^ k0;
      x2 = (uint32_t)(a >> 32) ^ x3 ^ k1;
      x1 = (uint32_t)b;
      x3 = (uint32_t)a;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    words[4 * i] = x0;
    words[4 * i + 1] = x1;
    words[4 * i + 2] = x2;
    words[4 * i + 3] = x3;
  }
}

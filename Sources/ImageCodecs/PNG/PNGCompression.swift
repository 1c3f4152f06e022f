import CPNG

/// How hard a picture's rows are compressed.
///
/// Photographs, of which little repeats, come out as small with zlib's fast search (level 3) as with the slow one
/// (level 6), or smaller, in half the time; drawings come out larger by some percent. So some rows are compressed both
/// ways.
enum PNGCompression {
  private static let fast: Int32 = 3
  private static let slow: Int32 = 6
  /// How much longer a file may be that is made in half the time.
  private static let tolerance = 1.02
  /// Bytes of samples of which no sample is taken.
  private static let small = 1 << 16
  /// Rows of each of the places that are looked at.
  private static let rows = 16
  /// Of the picture's height.
  private static let places = [1.0 / 6, 1.0 / 2, 5.0 / 6]

  static func level(for image: Image, _ header: cpng_header) -> Int32 {
    guard image.rowLength * image.height > small else { return slow }
    return image.withSampleBytes { bytes in
      func length(_ level: Int32) -> Int {
        places.reduce(0) { sum, place in
          let first = min(Int(place * Double(image.height)), max(0, image.height - rows))
          var part = cpng_rows(
            header: header, compression: level, samples: bytes.baseAddress,
            row_bytes: image.rowLength, first: first, end: min(first + rows, image.height))
          var stream = cpng_stream()
          defer { cpng_stream_free(&stream) }
          _ = cpng_compress_rows(&part, &stream)
          return sum + stream.count
        }
      }
      return Double(length(fast)) <= tolerance * Double(length(slow)) ? fast : slow
    }
  }
}

extension Image {
  /// Bytes of a row of samples.
  var rowLength: Int { width * colorModel.channels * depth / 8 }

  /// The samples' own bytes.
  func withSampleBytes<R, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> R
  ) throws(Failure) -> R {
    switch samples {
    case .bits8(let samples):
      try samples.withUnsafeBufferPointer { buffer throws(Failure) in
        try body(UnsafeRawBufferPointer(buffer))
      }
    case .bits16(let samples):
      try samples.withUnsafeBufferPointer { buffer throws(Failure) in
        try body(UnsafeRawBufferPointer(buffer))
      }
    }
  }
}

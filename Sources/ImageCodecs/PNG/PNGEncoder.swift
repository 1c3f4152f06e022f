import CPNG
import Platform

/// Encodes PNG streams: adaptive filters, not interlaced, the same bytes for the same picture.
final class PNGEncoder {
  private let writer: OpaquePointer
  private let name: String
  private let header: cpng_header
  private let compression: Int32

  private init(_ image: Image, compression: Int?, name: String) throws(ImageError) {
    var header = cpng_header(
      width: UInt32(image.width), height: UInt32(image.height),
      channels: Int32(image.colorModel.channels), depth: Int32(image.depth))
    let compression = compression.map { Int32($0) } ?? PNGCompression.level(for: image, header)
    guard let writer = cpng_writer_create(&header, compression) else {
      throw ImageError(kind: .inputOutput, path: name, message: "not enough memory to encode it")
    }
    self.writer = writer
    self.name = name
    self.header = header
    self.compression = compression
  }

  deinit { cpng_writer_destroy(writer) }

  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    guard image.width <= 0x7FFF_FFFF, image.height <= 0x7FFF_FFFF else {
      throw ImageError(
        kind: .usage, path: name, message: "PNG holds at most 2147483647 pixels a side")
    }
    let encoder = try PNGEncoder(image, compression: options.pngCompression, name: name)
    try encoder.set(image.metadata, of: image)
    return try encoder.bytes(of: image)
  }

  private func set(_ metadata: Metadata, of image: Image) throws(ImageError) {
    let profile = metadata.iccProfile.flatMap {
      ICCProfile.describes(image.colorModel, $0) ? $0 : nil
    }
    if let profile { try check(cpng_writer_set_icc(writer, profile, profile.count)) }
    if var exif = metadata.exif, exif.starts(with: "II".utf8) || exif.starts(with: "MM".utf8) {
      EXIF.setExtents(of: &exif, width: image.width, height: image.height)
      try check(cpng_writer_set_exif(writer, exif, exif.count))
    }
    var notes = Self.notes(
      metadata.resolution?.perMeter, profile == nil ? metadata.calibration : nil)
    try check(cpng_writer_set_notes(writer, &notes))
    if let points = metadata.codePoints, points.count == 4, image.colorModel.colorChannels == 3 {
      try check(cpng_writer_set_code_points(writer, points))
    }
    for var entry in metadata.text {
      if entry.keyword == XMP.keyword {
        entry.value = XMP.settingExtents(entry.value, width: image.width, height: image.height)
      }
      try add(entry)
    }
    if let resources = metadata.photoshopResources {
      try add(
        Metadata.TextEntry(
          keyword: PhotoshopResources.keyword, value: PhotoshopResources.rawProfile(resources)))
    }
  }

  private static func notes(
    _ resolution: Resolution?, _ calibration: ColorCalibration?
  ) -> cpng_notes {
    var notes = cpng_notes()
    notes.intent = Int32(clamping: calibration?.renderingIntent ?? -1)
    notes.gamma = Int32(clamping: calibration?.gamma ?? 0)
    if let numbers = calibration?.chromaticities, numbers.count == 8 {
      notes.has_chromaticities = 1
      withUnsafeMutableBytes(of: &notes.chromaticities) { bytes in
        numbers.withUnsafeBytes { bytes.copyMemory(from: $0) }
      }
    }
    if let resolution, let whole = resolution.whole {
      notes.has_resolution = 1
      notes.horizontal = UInt32(clamping: whole.horizontal)
      notes.vertical = UInt32(clamping: whole.vertical)
      notes.is_per_meter = resolution.unit == .meter ? 1 : 0
    }
    return notes
  }

  private func add(_ entry: Metadata.TextEntry) throws(ImageError) {
    let isPacket = entry.keyword == XMP.keyword
    let isTranslated = !entry.language.isEmpty || !entry.translatedKeyword.isEmpty
    let latin1 = isPacket || isTranslated ? nil : TextEncodings.latin1Bytes(entry.value)
    let value = latin1 ?? Array(entry.value.utf8)
    // A NUL would end a text early; nothing can stand for it.
    func cString(_ bytes: [UInt8]) -> [CChar] {
      bytes.filter { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
    }
    let result = cString(TextEncodings.pngKeyword(entry.keyword)).withUnsafeBufferPointer {
      keyword in
      cString(value).withUnsafeBufferPointer { text in
        cString(TextEncodings.languageTag(entry.language)).withUnsafeBufferPointer { language in
          cString(Array(entry.translatedKeyword.utf8)).withUnsafeBufferPointer { translated in
            var record = cpng_text(
              keyword: keyword.baseAddress, value: text.baseAddress,
              language: language.baseAddress, translated: translated.baseAddress,
              is_utf8: latin1 == nil ? 1 : 0,
              is_compressed: value.count > 1024 && !isPacket ? 1 : 0)
            return cpng_writer_add_text(writer, &record)
          }
        }
      }
    }
    try check(result)
  }

  private func bytes(of image: Image) throws(ImageError) -> [UInt8] {
    try image.withSampleBytes { bytes throws(ImageError) in
      try encode(bytes, image.rowLength)
    }
    var count = 0
    let start = cpng_writer_bytes(writer, &count)
    return Array(UnsafeBufferPointer(start: start, count: count))
  }

  /// Bytes of rows that are compressed together where a picture is large; it depends on nothing else, so
  /// that the file is the same however many cores there are.
  private static let partLength = 1 << 20
  /// A smaller picture is compressed in one piece.
  private static let smallestLarge = 2 << 20

  private func encode(_ bytes: UnsafeRawBufferPointer, _ rowBytes: Int) throws(ImageError) {
    guard bytes.count >= Self.smallestLarge else {
      return try check(cpng_writer_encode(writer, bytes.baseAddress, rowBytes))
    }
    let rows = max(1, Self.partLength / rowBytes)
    let count = (Int(header.height) + rows - 1) / rows
    // Each is written by one thread, and read when all are done.
    nonisolated(unsafe) let streams = UnsafeMutablePointer<cpng_stream>.allocate(capacity: count)
    nonisolated(unsafe) let samples = bytes.baseAddress
    defer {
      for index in 0..<count { cpng_stream_free(streams + index) }
      streams.deallocate()
    }
    Parallel.perform(count) { [header, compression] index in
      streams[index] = cpng_stream()
      var part = cpng_rows(
        header: header, compression: compression, samples: samples, row_bytes: rowBytes,
        first: index * rows, end: min((index + 1) * rows, Int(header.height)))
      _ = cpng_compress_rows(&part, streams + index)
    }
    try check(cpng_writer_begin(writer))
    for index in 0..<count {
      guard streams[index].bytes != nil else {
        throw ImageError(kind: .inputOutput, path: name, message: "not enough memory to encode it")
      }
      try check(
        cpng_writer_add(writer, streams + index, index == 0 ? 1 : 0, index == count - 1 ? 1 : 0))
    }
    try check(cpng_writer_end(writer))
  }

  private func check(_ result: Int32) throws(ImageError) {
    guard result == 0 else { return }
    let message = String(cString: cpng_writer_message(writer))
    throw ImageError(
      kind: .inputOutput, path: name, message: "the PNG could not be encoded: \(message)")
  }
}

import CJPEG

/// Encodes JPEG streams with optimized Huffman tables.
final class JPEGEncoder {
  private let writer: OpaquePointer
  private let name: String

  private init(_ image: Image, options: EncodingOptions, name: String) throws(ImageError) {
    let writer = cjpeg_writer_create(
      UInt32(image.width), UInt32(image.height), Int32(image.colorModel.channels),
      Int32(options.jpegQuality),
      options.isChromaSubsampled ?? (options.jpegQuality <= 90) ? 1 : 0,
      options.isProgressive ? 1 : 0)
    guard let writer else {
      throw ImageError(kind: .inputOutput, path: name, message: "not enough memory to encode it")
    }
    self.writer = writer
    self.name = name
  }

  deinit { cjpeg_writer_destroy(writer) }

  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    try image.checkIsOpaque(for: "JPEG", name: name)
    let largest = CJPEG_MAXIMUM_SIDE
    guard image.width <= largest, image.height <= largest else {
      throw ImageError(
        kind: .usage, path: name,
        message: "JPEG holds at most \(largest) pixels a side, the picture has "
          + "\(image.width)x\(image.height): write a PNG")
    }
    let image = image.converted(toDepth: 8)
    guard case .bits8(let samples) = image.samples else { return [] }
    let encoder = try JPEGEncoder(image, options: options, name: name)
    encoder.set(image.metadata.resolution?.perInch)
    try encoder.check(cjpeg_writer_start(encoder.writer))
    try encoder.write(image.metadata, of: image)
    let rowBytes = image.width * image.colorModel.channels
    try encoder.check(cjpeg_writer_samples(encoder.writer, samples, rowBytes))
    var count = 0
    let start = cjpeg_writer_bytes(encoder.writer, &count)
    return Array(UnsafeBufferPointer(start: start, count: count))
  }

  /// A resolution that a JFIF header cannot hold is left out.
  private func set(_ resolution: Resolution?) {
    guard let resolution, let whole = resolution.whole, whole.horizontal <= 65_535,
      whole.vertical <= 65_535
    else { return }
    let unit: Int32 =
      switch resolution.unit {
      case .inch: 1
      case .centimeter: 2
      case .meter, .none: 0
      }
    cjpeg_writer_set_density(writer, Int32(whole.horizontal), Int32(whole.vertical), unit)
  }

  /// An EXIF block or XMP packet longer than a segment (64 KB) has no place and is left out.
  private func write(_ metadata: Metadata, of image: Image) throws(ImageError) {
    let longest = CJPEG_MAXIMUM_MARKER
    if var exif = metadata.exif {
      EXIF.setExtents(of: &exif, width: image.width, height: image.height)
      let segment = JPEGHeader.exifSignature + exif
      if segment.count <= longest { try write(segment, code: CJPEG_EXIF_OR_XMP) }
    }
    for entry in metadata.text where entry.keyword == XMP.keyword {
      let packet = XMP.settingExtents(entry.value, width: image.width, height: image.height)
      let segment = XMP.signature + Array(packet.utf8)
      if segment.count <= longest { try write(segment, code: CJPEG_EXIF_OR_XMP) }
    }
    if let profile = metadata.iccProfile, ICCProfile.describes(image.colorModel, profile) {
      for segment in JPEGProfileParts.split(profile) ?? [] {
        try write(segment, code: CJPEG_ICC)
      }
    }
    if let resources = metadata.photoshopResources {
      let signature = PhotoshopResources.signature
      var rest = resources[...]
      while !rest.isEmpty {
        let piece = rest.prefix(longest - signature.count)
        try write(signature + piece, code: CJPEG_PHOTOSHOP)
        rest = rest.dropFirst(piece.count)
      }
    }
    for entry in metadata.text where entry.keyword != XMP.keyword {
      let text = entry.keyword == "Comment" ? entry.value : "\(entry.keyword): \(entry.value)"
      for piece in text.utf8Pieces(of: longest) { try write(piece, code: CJPEG_COMMENT) }
    }
  }

  private func write(_ content: [UInt8], code: Int) throws(ImageError) {
    let result = content.withUnsafeBufferPointer { content in
      var marker = cjpeg_marker(
        code: Int32(code), bytes: content.baseAddress, count: content.count)
      return cjpeg_writer_marker(writer, &marker)
    }
    try check(result)
  }

  private func check(_ result: Int32) throws(ImageError) {
    guard result == 0 else { return }
    let message = String(cString: cjpeg_writer_message(writer))
    throw ImageError(
      kind: .inputOutput, path: name, message: "the JPEG could not be encoded: \(message)")
  }
}

extension String {
  /// The UTF-8 bytes in pieces of at most `length` that do not break a character's encoding.
  fileprivate func utf8Pieces(of length: Int) -> [[UInt8]] {
    let bytes = Array(utf8)
    var pieces: [[UInt8]] = []
    var start = 0
    repeat {
      var end = Swift.min(start + length, bytes.count)
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
      pieces.append(Array(bytes[start..<end]))
      start = end
    } while start < bytes.count
    return pieces
  }
}

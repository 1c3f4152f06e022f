import Files

extension ImageFormat {
  package static let png = ImageFormat("png", "PNG", extensions: ["png"], PNGCodec.self) {
    $0.hasCalibration = true
  }
}

/// PNG (third edition) by libpng.
enum PNGCodec: ImageCodec {
  static func recognizes(_ first: [UInt8]) -> Bool { first.starts(with: PNGHeader.signature) }

  static func header(of source: ByteSource, name: String) throws -> ImageHeader {
    try PNGHeader.read(from: source, name: name)
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws -> Image {
    try PNGDecoder.decode(bytes, name: name, limits: limits)
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, window: ImageWindow
  ) throws -> Image {
    try PNGDecoder.decode(bytes, name: name, limits: limits, window: window)
  }

  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    try PNGEncoder.encode(image, options: options, name: name)
  }

  /// Up to the end of the IEND chunk; of a file that was cut off, up to the next one.
  static func length(in stream: StreamCursor) throws -> Int? {
    let end = 0x4945_4E44
    var offset = PNGHeader.signature.count
    while true {
      guard let length = try stream.number(at: offset, bytes: 4),
        let type = try stream.number(at: offset + 4, bytes: 4), isType(type)
      else { return try nextFile(in: stream, before: offset + 8 + PNGHeader.signature.count) }
      offset += 12 + length
      try stream.check(offset)
      if type == end, try stream.byte(at: offset - 1) != nil { return offset }
    }
  }

  /// Four letters.
  private static func isType(_ type: Int) -> Bool {
    (0..<4).allSatisfy { place in
      let byte = UInt8(truncatingIfNeeded: type >> (8 * place))
      return UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
  }

  /// Where the chunks lead astray, a chunk may have been cut off, and holds the files behind it.
  private static func nextFile(in stream: StreamCursor, before limit: Int) throws -> Int? {
    let signature = PNGHeader.signature
    _ = try stream.byte(at: limit - 1)
    let bytes = stream.buffer.buffered(limit)
    var rest = bytes.dropFirst(signature.count)
    while let place = rest.firstIndex(of: signature[0]) {
      rest = bytes[place...]
      if rest.starts(with: signature) { return place - bytes.startIndex }
      rest = rest.dropFirst()
    }
    return nil
  }
}

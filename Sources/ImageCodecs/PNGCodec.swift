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

  /// Up to the end of the IEND chunk.
  static func length(in stream: StreamCursor) throws -> Int? {
    let end = 0x4945_4E44
    var offset = PNGHeader.signature.count
    while true {
      guard let length = try stream.number(at: offset, bytes: 4),
        let type = try stream.number(at: offset + 4, bytes: 4)
      else { return nil }
      offset += 12 + length
      try stream.check(offset)
      if type == end { return try stream.byte(at: offset - 1) == nil ? nil : offset }
    }
  }
}

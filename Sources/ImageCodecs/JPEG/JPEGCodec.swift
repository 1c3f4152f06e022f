import Files

extension ImageFormat {
  package static let jpeg = ImageFormat(
    "jpeg", "JPEG", extensions: ["jpg", "jpeg", "jpe", "jfif"], JPEGCodec.self
  ) {
    $0.hasAlpha = false
    $0.depth = 8
    $0.isLossless = false
    $0.hasQuality = true
  }
}

/// JPEG (ITU-T T.81) by libjpeg.
enum JPEGCodec: ImageCodec {
  static func recognizes(_ first: [UInt8]) -> Bool { first.starts(with: [0xFF, 0xD8, 0xFF]) }

  static func header(of source: ByteSource, name: String) throws -> ImageHeader {
    try JPEGHeader.read(from: source, name: name)
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws -> Image {
    try JPEGDecoder.decode(bytes, name: name, limits: limits, minimumSize: minimumSize)
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, window: ImageWindow
  ) throws -> Image {
    try JPEGDecoder.decode(bytes, name: name, limits: limits, window: window)
  }

  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    try JPEGEncoder.encode(image, options: options, name: name)
  }

  /// Up to the EOI marker, or to the next file where it is missing; behind a file of several pictures
  /// (CIPA DC-007), up to the end of the last, as its index tells.
  static func length(in stream: StreamCursor) throws -> Int? {
    var offset = 2
    var end = 0
    while true {
      guard let first = try stream.byte(at: offset), let code = try stream.byte(at: offset + 1)
      else { return nil }
      try stream.check(offset)
      guard first == 0xFF, code != 0xFF, code != 0 else {
        // Fill bytes before a marker, or the picture's data, in which 0xFF is followed by 0.
        if try ImageStream.isOtherFile(stream, at: offset) { return offset }
        offset += first == 0xFF && code == 0 ? 2 : 1
        continue
      }
      switch code {
      case 0xD8: return offset
      case 0xD9:
        try stream.check(max(end, offset + 2))
        // Where the other pictures are cut off, this one is whole all the same.
        let length = try stream.buffer.peek(max(end, offset + 2)).count
        return max(length, offset + 2)
      case 0x01, 0xD0...0xD7: offset += 2
      default:
        guard let length = try stream.number(at: offset + 2, bytes: 2) else { return nil }
        if code == 0xE2, end == 0, try stream.number(at: offset + 4, bytes: 4) == 0x4D50_4600 {
          let segment = Array(try stream.buffer.peek(offset + 2 + length).dropFirst(offset + 8))
          end = MultiPictureIndex.length(segment).map { offset + 8 + $0 } ?? 0
        }
        offset += 2 + max(2, length)
      }
    }
  }
}

/// The index of a multi-picture file (CIPA DC-007-2009, section 5.2).
enum MultiPictureIndex {
  /// How far from the index's start the last of the pictures behind the first ends; nil where the index
  /// tells of none.
  ///
  /// - Parameter bytes: from the byte-order mark on.
  static func length(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 8 else { return nil }
    let isBigEndian = bytes[0] == 0x4D
    func number(_ offset: Int, _ count: Int) -> Int? {
      guard offset >= 0, offset <= bytes.count - count else { return nil }
      let part = bytes[offset..<offset + count]
      return isBigEndian
        ? part.reduce(0) { $0 << 8 | Int($1) } : part.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    for field in 0..<count {
      let place = directory + 2 + 12 * field
      guard number(place, 2) == 0xB002, let length = number(place + 4, 4),
        let start = number(place + 8, 4)
      else { continue }
      let ends = (0..<length / 16).compactMap { entry -> Int? in
        guard let size = number(start + 16 * entry + 4, 4),
          let offset = number(start + 16 * entry + 8, 4), offset > 0
        else { return nil }
        return offset + size
      }
      return ends.max()
    }
    return nil
  }
}

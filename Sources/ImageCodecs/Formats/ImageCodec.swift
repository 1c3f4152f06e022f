import Files

/// How one format of picture files is read and written. A new format is a type that conforms, and a line
/// in `ImageFormat.known`.
protocol ImageCodec: Sendable {
  /// Whether this program is built with what it needs.
  static var isAvailable: Bool { get }

  /// - Parameter first: the first bytes of a file; 32 of them are enough.
  static func recognizes(_ first: [UInt8]) -> Bool

  /// What the file's header says, without decoding it or reading it all.
  static func header(of source: ByteSource, name: String) throws -> ImageHeader

  /// - Parameter minimumSize: in pixels as displayed. A codec that can decode at a fraction of the extents
  ///   may do so, never below this size.
  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws -> Image

  /// The pixels of a part, equal to those of the whole picture; without metadata.
  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, window: ImageWindow
  ) throws -> Image

  /// - Throws: `ImageError` of kind `usage` where the format cannot hold the picture.
  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8]

  /// How long the file is that a stream stands at; nil where that cannot be told, or the stream ends
  /// within it.
  static func length(in stream: StreamCursor) throws -> Int?
}

extension ImageCodec {
  static var isAvailable: Bool { true }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, window: ImageWindow
  ) throws -> Image {
    var whole = try decode(bytes, name: name, limits: limits, minimumSize: nil)
    try window.check(width: whole.width, height: whole.height, name: name)
    whole.metadata = Metadata()
    return whole.cropped(to: window)
  }

  static func length(in stream: StreamCursor) throws -> Int? { nil }
}

/// A codec whose files hold any number of pictures.
protocol PagedImageCodec: ImageCodec {
  /// How many pictures there are, at least 1.
  static func pageCount(_ bytes: [UInt8], name: String) throws -> Int

  /// - Parameter page: from 0.
  static func decode(
    _ bytes: [UInt8], page: Int, name: String, limits: ImageLimits
  ) throws -> Image

  /// - Precondition: there is at least one picture.
  static func encode(
    pages: [Image], options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8]
}

/// Looks at the bytes that come next in a stream, without taking them.
final class StreamCursor {
  let buffer: StreamBuffer
  private let name: String
  /// Bytes of a file at most.
  let limit: Int

  init(_ buffer: StreamBuffer, name: String, limit: Int) {
    self.buffer = buffer
    self.name = name
    self.limit = limit
  }

  /// nil behind the end.
  func byte(at offset: Int) throws -> UInt8? { try buffer.byte(at: offset) }

  /// A big-endian number; nil where the stream ends before it.
  func number(at offset: Int, bytes count: Int) throws -> Int? {
    var number = 0
    for place in offset..<offset + count {
      guard let byte = try buffer.byte(at: place) else { return nil }
      number = number << 8 | Int(byte)
    }
    return number
  }

  /// Refuses a file that is longer than it may be.
  func check(_ length: Int) throws {
    guard length > limit else { return }
    throw ImageError(
      kind: .badData, path: name, message: "longer than the limit of \(limit) bytes")
  }
}

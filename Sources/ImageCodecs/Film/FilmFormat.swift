/// How the frames of a Y4M film are coded (yuv4mpeg(5) of mjpegtools, with the depths that FFmpeg
/// added).
package struct FilmFormat: Hashable, Sendable {
  /// What the C parameter says, such as "420jpeg" or "422p10".
  package var tag: String
  /// Bits per sample, 8 to 16.
  package var depth: Int
  /// How many pixels share a chroma sample, from left to right and from top to bottom; 0, 0 without
  /// chroma.
  package var subsampling: Subsampling
  /// Whether samples use all numbers; otherwise luma has 219 steps of 8 bits, from 16, and chroma 224.
  package var isFullRange: Bool
  /// The other parameters of the header as they stand there: rate, interlacing, aspect, comments.
  package var parameters: [String]

  package struct Subsampling: Hashable, Sendable {
    package var across: Int
    package var down: Int

    package init(across: Int, down: Int) {
      self.across = across
      self.down = down
    }
  }

  /// A film at 25 frames a second, of 8 or 16 bits, with or without chroma.
  package init(isGray: Bool, depth: Int = 8) {
    tag = (isGray ? "mono" : "444") + (depth == 8 ? "" : isGray ? "16" : "p16")
    self.depth = depth
    subsampling = isGray ? Subsampling(across: 0, down: 0) : Subsampling(across: 1, down: 1)
    isFullRange = false
    parameters = ["F25:1", "Ip", "A1:1"]
  }

  /// - Parameter tag: nil where the header has none, which means 4:2:0.
  /// - Returns: nil where samples of this kind are not read.
  init?(tag: String?, parameters: [String]) {
    let tag = tag ?? "420jpeg"
    let kinds: [(prefix: String, across: Int, down: Int)] = [
      ("420", 2, 2), ("422", 2, 1), ("444", 1, 1), ("411", 4, 1), ("mono", 0, 0),
    ]
    guard let kind = kinds.first(where: { tag.hasPrefix($0.prefix) }) else { return nil }
    let rest = tag.dropFirst(kind.prefix.count)
    switch rest {
    case "", "jpeg", "mpeg2", "paldv": depth = 8
    default:
      // "p10", and "10" of mono.
      guard let bits = Int(rest.hasPrefix("p") ? rest.dropFirst() : rest), 9...16 ~= bits else {
        return nil
      }
      depth = bits
    }
    self.tag = tag
    subsampling = Subsampling(across: kind.across, down: kind.down)
    self.parameters = parameters
    isFullRange = parameters.contains("XCOLORRANGE=FULL")
  }

  var isGray: Bool { subsampling.across == 0 }

  /// The extents of a chroma plane.
  func chroma(width: Int, height: Int) -> (width: Int, height: Int) {
    guard !isGray else { return (0, 0) }
    return (
      (width + subsampling.across - 1) / subsampling.across,
      (height + subsampling.down - 1) / subsampling.down
    )
  }

  /// Bytes of a frame's samples.
  func length(width: Int, height: Int) -> Int {
    let chroma = chroma(width: width, height: height)
    return (width * height + 2 * chroma.width * chroma.height) * (depth > 8 ? 2 : 1)
  }
}

/// The samples of a frame, plane by plane, as they stand in a film.
package struct FilmSamples: Hashable, Sendable {
  let width: Int
  let height: Int
  let bytes: [UInt8]
}

/// The first line of a film.
struct Y4MHeader {
  let width: Int
  let height: Int
  let format: FilmFormat
  /// Bytes of the line with its end.
  let length: Int

  static let signature: [UInt8] = Array("YUV4MPEG2 ".utf8)
  /// The longest line that is read.
  static let limit = 4096

  /// - Parameter bytes: the start of the file.
  /// - Throws: `ImageError` of kind `badData`.
  init(_ bytes: some Collection<UInt8>, name: String) throws(ImageError) {
    func damaged(_ words: String) -> ImageError {
      ImageError(kind: .badData, path: name, message: "damaged Y4M: \(words)")
    }
    let line = Array(bytes.prefix(Self.limit).prefix { $0 != 0x0A })
    guard line.starts(with: Self.signature), line.count < bytes.count else {
      throw damaged("the header is missing or cut off")
    }
    var (width, height) = (0, 0)
    var tag: String?
    var others: [String] = []
    for word in line.dropFirst(Self.signature.count).split(separator: 0x20) {
      let text = String(decoding: word, as: UTF8.self)
      switch word.first {
      case UInt8(ascii: "W"): width = Int(text.dropFirst()) ?? 0
      case UInt8(ascii: "H"): height = Int(text.dropFirst()) ?? 0
      case UInt8(ascii: "C"): tag = String(text.dropFirst())
      default: others.append(text)
      }
    }
    guard 1...1 << 20 ~= width, 1...1 << 20 ~= height else {
      throw damaged("\(width)x\(height) is no extent")
    }
    guard let format = FilmFormat(tag: tag, parameters: others) else {
      throw ImageError(
        kind: .badData, path: name,
        message:
          "samples of kind \(tag ?? ""); expected 4:2:0, 4:2:2, 4:4:4 or mono of 8 to 16 bits: "
          + "ffmpeg's -pix_fmt yuv420p makes such")
    }
    self.width = width
    self.height = height
    self.format = format
    length = line.count + 1
  }
}

/// Cuts a film into frames.
enum Y4MStream {
  private static let mark: [UInt8] = Array("FRAME".utf8)

  /// The header's line; nil where there is no whole one.
  static func takeHeader(_ stream: StreamCursor) throws -> [UInt8]? {
    guard let length = try lineLength(stream),
      (try? Y4MHeader(stream.buffer.peek(length), name: "")) != nil
    else { return nil }
    return Array(try stream.buffer.take(length))
  }

  /// Of the line that comes next, with its end; nil where it is too long, or the stream ends within it.
  private static func lineLength(_ stream: StreamCursor) throws -> Int? {
    for place in 0..<Y4MHeader.limit {
      guard let byte = try stream.byte(at: place) else { return nil }
      if byte == 0x0A { return place + 1 }
    }
    return nil
  }

  /// The next frame with its line; nil where there is none. The last may be cut off.
  static func takeFrame(_ stream: StreamCursor, header: [UInt8]) throws -> [UInt8]? {
    guard try stream.buffer.peek(mark.count).elementsEqual(mark) else { return nil }
    guard let line = try lineLength(stream) else { return nil }
    let film = try Y4MHeader(header, name: "")
    let length = line + film.format.length(width: film.width, height: film.height)
    try stream.check(length)
    return Array(try stream.buffer.take(length))
  }
}

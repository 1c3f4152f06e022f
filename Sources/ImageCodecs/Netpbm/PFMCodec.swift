import Files

extension ImageFormat {
  package static let pfm = ImageFormat("pfm", "PFM", extensions: ["pfm"], PFMCodec.self) {
    $0.hasAlpha = false
    $0.hasProfile = false
    $0.isSeries = true
  }
}

/// PFM files, of 32-bit floating-point numbers, rows from the bottom up. (Debevec, HDRShop; pfm(5) of
/// Netpbm.)
///
/// Numbers from 0 to 1 are read on that scale, others on that of the smallest and the largest, which
/// `Metadata.valueRange` keeps; both with 16 bits. Written, samples go back to that range.
enum PFMCodec: ImageCodec {
  private struct Header {
    var width = 0
    var height = 0
    var channels = 1
    var isBigEndian = false
    var start = 0
  }

  static func recognizes(_ first: [UInt8]) -> Bool {
    first.count >= 3 && first[0] == UInt8(ascii: "P")
      && (first[1] == UInt8(ascii: "F") || first[1] == UInt8(ascii: "f"))
      && (first[2] == 0x20 || (0x09...0x0D).contains(first[2]))
  }

  static func header(of source: ByteSource, name: String) throws -> ImageHeader {
    let header = try parse(source.read(at: 0, count: 256), name)
    return ImageHeader(
      format: .pfm, width: header.width, height: header.height,
      colorModel: header.channels == 1 ? .gray : .rgb, depth: 16, orientation: .upright)
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws -> Image {
    let header = try parse(Array(bytes.prefix(256)), name)
    try limits.check(width: header.width, height: header.height, name: name)
    let rowLength = header.width * header.channels
    guard bytes.count - header.start >= 4 * rowLength * header.height else {
      throw damaged(name, "the file ends early")
    }
    let numbers = bytes.withUnsafeBytes { bytes in
      (0..<rowLength * header.height).map { place -> Float in
        let (row, column) = (header.height - 1 - place / rowLength, place % rowLength)
        let bits = bytes.loadUnaligned(
          fromByteOffset: header.start + 4 * (row * rowLength + column), as: UInt32.self)
        return Float(
          bitPattern: header.isBigEndian ? UInt32(bigEndian: bits) : UInt32(littleEndian: bits))
      }
    }
    return Image(
      numbers: numbers, width: header.width, height: header.height,
      colorModel: header.channels == 1 ? .gray : .rgb)
  }

  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    try image.checkIsOpaque(for: "PFM", name: name)
    let isGray = image.colorModel == .gray
    var bytes = Array("\(isGray ? "Pf" : "PF")\n\(image.width) \(image.height)\n-1.0\n".utf8)
    let rowLength = image.width * image.colorModel.channels
    let numbers = image.numbers()
    bytes.reserveCapacity(bytes.count + 4 * numbers.count)
    for row in (0..<image.height).reversed() {
      for number in numbers[row * rowLength..<(row + 1) * rowLength] {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  static func length(in stream: StreamCursor) throws -> Int? {
    guard let header = try? parse(Array(stream.buffer.peek(256)), "") else { return nil }
    let length = header.start + 4 * header.width * header.height * header.channels
    try stream.check(length)
    return try stream.byte(at: length - 1) == nil ? nil : length
  }

  private static func damaged(_ name: String, _ words: String) -> ImageError {
    ImageError(kind: .badData, path: name, message: "damaged PFM: \(words)")
  }

  /// Three words behind the signature, and one character of white space.
  private static func parse(_ bytes: [UInt8], _ name: String) throws(ImageError) -> Header {
    var words: [String] = []
    var place = 2
    while words.count < 3, place < bytes.count {
      while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
      let word = bytes[place...].prefix { $0 > 0x20 }
      place += word.count
      words.append(String(decoding: word, as: UTF8.self))
    }
    guard words.count == 3, place < bytes.count, let width = Int(words[0]),
      let height = Int(words[1]),
      let scale = Float(words[2]), scale != 0
    else { throw damaged(name, "expected width, height and scale in its header") }
    guard 1...1 << 28 ~= width, 1...1 << 28 ~= height else {
      throw damaged(name, "\(width)x\(height) is no extent")
    }
    return Header(
      width: width, height: height, channels: bytes[1] == UInt8(ascii: "F") ? 3 : 1,
      isBigEndian: scale > 0, start: place + 1)
  }
}

extension Image {
  /// A picture of floating-point numbers, with 16 bits. Numbers that are not finite become the end of the
  /// range that is nearest, NaN the lower one.
  ///
  /// - Parameter numbers: `[H, W, C]`.
  init(numbers: [Float], width: Int, height: Int, colorModel: ColorModel) {
    var (lower, upper) = (Float.infinity, -Float.infinity)
    for number in numbers where number.isFinite {
      lower = min(lower, number)
      upper = max(upper, number)
    }
    if lower >= 0 && upper <= 1 { (lower, upper) = (0, 1) }
    // A picture of one number, or of none that is finite.
    if !(lower < upper) {
      (lower, upper) = lower.isFinite ? (lower, lower + max(1, abs(lower))) : (0, 1)
    }
    let (start, span) = (Double(lower), Double(upper) - Double(lower))
    let samples = numbers.map { number -> UInt16 in
      let share = (Double(number) - start) / span
      return UInt16(((share > 0 ? min(share, 1) : 0) * 65_535).rounded())
    }
    self.init(width: width, height: height, colorModel: colorModel, samples: .bits16(samples))
    metadata.valueRange = Metadata.ValueRange(lower: lower, upper: upper)
    let odd = numbers.count { !$0.isFinite }
    if odd > 0 { metadata.remarks.append("\(odd) numbers that are not finite were replaced") }
  }

  /// The samples as the numbers that they stand for: on the scale of `Metadata.valueRange`, or 0 to 1.
  /// `[H, W, C]`.
  func numbers() -> [Float] {
    let range = metadata.valueRange ?? Metadata.ValueRange(lower: 0, upper: 1)
    let (start, span) = (Double(range.lower), Double(range.upper) - Double(range.lower))
    switch samples {
    case .bits8(let s): return s.map { Float(start + span * (Double($0) / 255)) }
    case .bits16(let s): return s.map { Float(start + span * (Double($0) / 65_535)) }
    }
  }
}

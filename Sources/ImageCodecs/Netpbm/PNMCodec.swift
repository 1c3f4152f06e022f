import Files

extension ImageFormat {
  package static let pnm = ImageFormat(
    "pnm", "PNM", extensions: ["pnm", "ppm", "pgm", "pbm"], PNMCodec.self
  ) {
    $0.hasAlpha = false
    $0.hasProfile = false
    $0.isSeries = true
  }

  package static let pam = ImageFormat("pam", "PAM", extensions: ["pam"], PAMCodec.self) {
    $0.hasProfile = false
    $0.isSeries = true
  }
}

/// PBM, PGM and PPM files, read in both forms and of any depth, written in the binary form: P5 for gray
/// and P6 for RGB, with largest samples of 255 or 65,535.
enum PNMCodec: ImageCodec {
  static func recognizes(_ first: [UInt8]) -> Bool {
    first.count >= 3 && first[0] == UInt8(ascii: "P") && (0x31...0x36).contains(first[1])
      && (first[2] == 0x20 || first[2] == 0x23 || (0x09...0x0D).contains(first[2]))
  }

  static func header(of source: ByteSource, name: String) throws -> ImageHeader {
    try Netpbm.header(of: source, name: name, format: .pnm)
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws -> Image {
    try Netpbm.decode(bytes, name: name, limits: limits, format: .pnm)
  }

  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    try image.checkIsOpaque(for: "PNM", name: name)
    let isGray = image.colorModel == .gray
    let kind = ImageFormat.pathExtension(name)
    guard kind != "pbm", kind != "pgm" || isGray else {
      throw ImageError(
        kind: .usage, path: name,
        message: kind == "pbm"
          ? "expected .pgm, .ppm or .pnm: a PBM file holds black and white alone"
          : "expected .ppm or .pnm: a PGM file holds gray pictures, this one is in color")
    }
    let maximum = image.depth == 16 ? 65_535 : 255
    return Array("\(isGray ? "P5" : "P6")\n\(image.width) \(image.height)\n\(maximum)\n".utf8)
      + Netpbm.bigEndianBytes(image.samples)
  }

  static func length(in stream: StreamCursor) throws -> Int? { try Netpbm.length(in: stream) }
}

/// PAM files: one to four samples a pixel, the second or fourth of which is alpha.
enum PAMCodec: ImageCodec {
  static func recognizes(_ first: [UInt8]) -> Bool { first.starts(with: "P7\n".utf8) }

  static func header(of source: ByteSource, name: String) throws -> ImageHeader {
    try Netpbm.header(of: source, name: name, format: .pam)
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws -> Image {
    try Netpbm.decode(bytes, name: name, limits: limits, format: .pam)
  }

  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    let kind =
      switch image.colorModel {
      case .gray: "GRAYSCALE"
      case .grayAlpha: "GRAYSCALE_ALPHA"
      case .rgb: "RGB"
      case .rgba: "RGB_ALPHA"
      }
    let header = """
      P7
      WIDTH \(image.width)
      HEIGHT \(image.height)
      DEPTH \(image.colorModel.channels)
      MAXVAL \(image.depth == 16 ? 65_535 : 255)
      TUPLTYPE \(kind)
      ENDHDR

      """
    return Array(header.utf8) + Netpbm.bigEndianBytes(image.samples)
  }

  static func length(in stream: StreamCursor) throws -> Int? { try Netpbm.length(in: stream) }
}

/// What PNM and PAM share.
private enum Netpbm {
  static func header(
    of source: ByteSource, name: String, format: ImageFormat
  ) throws -> ImageHeader {
    let header = try NetpbmHeader.read(from: source, name: name, format: format.displayName)
    return ImageHeader(
      format: format, width: header.width, height: header.height, colorModel: header.colorModel,
      depth: header.depth, orientation: .upright)
  }

  static func length(in stream: StreamCursor) throws -> Int? {
    guard let header = try NetpbmHeader.read(from: stream) else { return nil }
    guard let samples = header.length else { return try plainLength(in: stream, header) }
    let length = header.start + samples
    try stream.check(length)
    return try stream.byte(at: length - 1) == nil ? nil : length
  }

  /// Up to where a picture of text goes: its last number and the white space that ends it. nil where something
  /// else stands there than numbers.
  private static func plainLength(
    in stream: StreamCursor, _ header: NetpbmHeader
  ) throws -> Int? {
    var left = header.width * header.height * header.channels
    let isOfBits = header.kind == UInt8(ascii: "1")
    var (offset, isInside, isRemark) = (header.start, false, false)
    while left > 0 {
      guard let byte = try stream.byte(at: offset) else {
        return isInside && left == 1 ? offset : nil
      }
      try stream.check(offset)
      offset += 1
      switch byte {
      case 0x20, 0x09...0x0D:
        if byte == 0x0A { isRemark = false }
        if isInside { left -= 1 }
        isInside = false
      case _ where isRemark: break
      case UInt8(ascii: "#"):
        if isInside { left -= 1 }
        (isInside, isRemark) = (false, true)
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if isOfBits { left -= 1 } else { isInside = true }
      default: return nil
      }
    }
    return offset
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, format: ImageFormat
  ) throws -> Image {
    let header = try NetpbmHeader.read(
      from: ByteSource(bytes: bytes), name: name, format: format.displayName)
    try limits.check(width: header.width, height: header.height, name: name)
    let count = header.width * header.height * header.channels
    let samples: Image.Samples
    if header.isPlain {
      let numbers = try plainNumbers(bytes, header, count, name)
      samples = scaled(numbers, header)
    } else {
      guard bytes.count - header.start >= header.length ?? 0 else {
        throw cut(name, format.displayName)
      }
      samples = raw(bytes, header, count)
    }
    var image = Image(
      width: header.width, height: header.height, colorModel: header.colorModel, samples: samples)
    if let length = header.length, bytes.count > header.start + length {
      image.metadata.remarks.append(
        "\(bytes.count - header.start - length) bytes behind the picture were passed over")
    }
    return image
  }

  private static func cut(_ name: String, _ format: String) -> ImageError {
    ImageError(kind: .badData, path: name, message: "damaged \(format): the file ends early")
  }

  /// The largest sample becomes 255 or 65,535.
  private static func scaled(_ numbers: [UInt16], _ header: NetpbmHeader) -> Image.Samples {
    let maximum = UInt32(header.maximum)
    func scale(_ number: UInt16, _ largest: UInt32) -> UInt32 {
      (min(UInt32(number), maximum) * largest + maximum / 2) / maximum
    }
    return header.depth == 8
      ? .bits8(numbers.map { UInt8(truncatingIfNeeded: scale($0, 255)) })
      : .bits16(numbers.map { UInt16(truncatingIfNeeded: scale($0, 65_535)) })
  }

  private static func raw(_ bytes: [UInt8], _ header: NetpbmHeader, _ count: Int) -> Image.Samples {
    let content = bytes[header.start...]
    if header.isBitmap {
      let rowBytes = (header.width + 7) / 8
      var samples = [UInt8](repeating: 0, count: count)
      for row in 0..<header.height {
        for column in 0..<header.width {
          let byte = content[content.startIndex + row * rowBytes + column / 8]
          if byte >> (7 - column % 8) & 1 == 0 { samples[row * header.width + column] = 255 }
        }
      }
      return .bits8(samples)
    }
    if header.maximum == 255 { return .bits8(Array(content.prefix(count))) }
    if header.sampleBytes == 1 {
      return scaled(content.prefix(count).map(UInt16.init), header)
    }
    let numbers = content.withUnsafeBytes { content in
      (0..<count).map { place in
        UInt16(bigEndian: content.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self))
      }
    }
    return header.maximum == 65_535 ? .bits16(numbers) : scaled(numbers, header)
  }

  /// Decimal numbers with white space between them; of a bitmap, digits with or without.
  private static func plainNumbers(
    _ bytes: [UInt8], _ header: NetpbmHeader, _ count: Int, _ name: String
  ) throws -> [UInt16] {
    // A sample takes a byte at least.
    guard bytes.count - header.start >= count else { throw cut(name, "PNM") }
    var numbers: [UInt16] = []
    numbers.reserveCapacity(count)
    var place = header.start - 1
    while numbers.count < count {
      place += 1
      guard place < bytes.count else { throw cut(name, "PNM") }
      let byte = bytes[place]
      if byte == UInt8(ascii: "#") {
        while place < bytes.count, bytes[place] != 0x0A { place += 1 }
        continue
      }
      if byte == 0x20 || 0x09...0x0D ~= byte { continue }
      guard 0x30...0x39 ~= byte else {
        throw ImageError(
          kind: .badData, path: name, message: "damaged PNM: expected a number at byte \(place)")
      }
      if header.isBitmap {
        numbers.append(byte == 0x30 ? 1 : 0)
        continue
      }
      var value = 0
      while place < bytes.count, 0x30...0x39 ~= bytes[place] {
        value = min(10 * value + Int(bytes[place] - 0x30), 65_535)
        place += 1
      }
      numbers.append(UInt16(value))
    }
    return numbers
  }

  static func bigEndianBytes(_ samples: Image.Samples) -> [UInt8] {
    switch samples {
    case .bits8(let s): s
    case .bits16(let s): s.map(\.bigEndian).withUnsafeBytes { Array($0) }
    }
  }
}

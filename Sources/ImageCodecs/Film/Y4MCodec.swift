import Files

extension ImageFormat {
  package static let y4m = ImageFormat("y4m", "Y4M", extensions: ["y4m"], Y4MCodec.self) {
    $0.hasAlpha = false
    $0.hasProfile = false
    $0.isSeries = true
  }
}

/// A film of one frame: what `ImageStream` cuts films into, and what frames are written as.
///
/// Y'CbCr becomes R'G'B' of 16 bits by the matrix of ITU-R BT.709 from 720 lines on, and of BT.601
/// below; a chroma sample holds for all its pixels, and is their mean when it is written. R'G'B' does not hold all
/// of Y'CbCr: samples whose pixels are as they were read are written as they were read.
enum Y4MCodec: ImageCodec {
  static func recognizes(_ first: [UInt8]) -> Bool { first.starts(with: Y4MHeader.signature) }

  static func header(of source: ByteSource, name: String) throws -> ImageHeader {
    let header = try Y4MHeader(source.read(at: 0, count: Y4MHeader.limit), name: name)
    return ImageHeader(
      format: .y4m, width: header.width, height: header.height,
      colorModel: header.format.isGray ? .gray : .rgb, depth: 16, orientation: .upright)
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws -> Image {
    let header = try Y4MHeader(bytes, name: name)
    try limits.check(width: header.width, height: header.height, name: name)
    let line = bytes.dropFirst(header.length)
    guard line.starts(with: "FRAME".utf8),
      let end = line.prefix(Y4MHeader.limit).firstIndex(of: 0x0A)
    else {
      throw ImageError(
        kind: .badData, path: name, message: "damaged Y4M: no frame where one is expected")
    }
    let length = header.format.length(width: header.width, height: header.height)
    guard bytes.count - end - 1 >= length else {
      throw ImageError(
        kind: .badData, path: name, message: "damaged Y4M: the film ends within a frame")
    }
    let frame = FilmFrame(header.format, width: header.width, height: header.height)
    let read = FilmSamples(
      width: header.width, height: header.height,
      bytes: Array(bytes[(end + 1)..<(end + 1 + length)]))
    let samples = frame.decoded(read.bytes)
    var image = Image(
      width: header.width, height: header.height, colorModel: header.format.isGray ? .gray : .rgb,
      samples: .bits16(samples))
    image.metadata.film = header.format
    image.metadata.filmSamples = read
    if bytes.count > end + 1 + length {
      image.metadata.remarks.append("only the first frame of the film was read")
    }
    return image
  }

  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    try image.checkIsOpaque(for: "Y4M", name: name)
    let isGray = image.colorModel == .gray
    var format = image.metadata.film ?? FilmFormat(isGray: isGray, depth: image.depth)
    // A film stays what it is; a gray frame of one in color gets chroma without color.
    if format.isGray && !isGray {
      format = FilmFormat(isGray: false, depth: format.depth > 8 ? 16 : 8)
    }
    let words = ["YUV4MPEG2", "W\(image.width)", "H\(image.height)"] + format.parameters
    let header = (words + ["C\(format.tag)"]).joined(separator: " ") + "\nFRAME\n"
    let colored = isGray && !format.isGray ? image.converted(to: .rgb) : image
    guard case .bits16(let samples) = colored.converted(toDepth: 16).samples else { return [] }
    let frame = FilmFrame(format, width: image.width, height: image.height)
    var bytes = frame.encoded(samples)
    if format == image.metadata.film, let read = image.metadata.filmSamples {
      frame.keep(read, ofPixelsOf: samples, in: &bytes)
    }
    return Array(header.utf8) + bytes
  }

  /// What follows a frame of this header: the encoded film without its first line, or all of it where that is
  /// another.
  static func continuing(_ header: ArraySlice<UInt8>, with film: [UInt8]) -> [UInt8] {
    let own = Self.header(of: film)
    return own.elementsEqual(header) ? Array(film[own.endIndex...]) : film
  }

  /// The first line of a film, with its end.
  static func header(of film: [UInt8]) -> ArraySlice<UInt8> {
    film[..<(film.firstIndex(of: 0x0A).map { $0 + 1 } ?? film.count)]
  }

  /// Of the film's header alone: `ImageStream` cuts out the frames.
  static func length(in stream: StreamCursor) throws -> Int? { nil }
}

/// Y'CbCr to R'G'B' and back.
private struct FilmFrame {
  private let format: FilmFormat
  private let width: Int
  private let height: Int
  private let chroma: (width: Int, height: Int)
  /// The weights of red and blue in luma.
  private let red: Float
  private let blue: Float
  /// Black, and the steps from there to white.
  private let black: Float
  private let lumaSteps: Float
  /// Without color, and the steps from one end of chroma to the other.
  private let neutral: Float
  private let chromaSteps: Float

  init(_ format: FilmFormat, width: Int, height: Int) {
    self.format = format
    self.width = width
    self.height = height
    chroma = format.chroma(width: width, height: height)
    (red, blue) = height >= 720 ? (0.2126, 0.0722) : (0.299, 0.114)
    let unit = Float(1 << (format.depth - 8))
    let largest = Float(1 << format.depth) - 1
    black = format.isFullRange ? 0 : 16 * unit
    lumaSteps = format.isFullRange ? largest : 219 * unit
    neutral = 128 * unit
    chromaSteps = format.isFullRange ? largest : 224 * unit
  }

  func decoded(_ bytes: [UInt8]) -> [UInt16] {
    format.depth > 8
      ? converted(bytes.withUnsafeBytes { $0.bindMemory16() }) : converted(bytes)
  }

  private func converted<Sample: FixedWidthInteger & UnsignedInteger>(
    _ source: [Sample]
  ) -> [UInt16] {
    let area = width * height
    let channels = format.isGray ? 1 : 3
    let green = 1 - red - blue
    return source.withUnsafeBufferPointer { source in
      [UInt16](unsafeUninitializedCapacity: area * channels) { target, count in
        let cb = area
        let cr = area + chroma.width * chroma.height
        for row in 0..<height {
          for column in 0..<width {
            let pixel = row &* width &+ column
            let y = (Float(source[pixel]) - black) / lumaSteps
            guard channels == 3 else {
              target[pixel] = Self.sample(y)
              continue
            }
            let place = place(row, column)
            let b = y + 2 * (1 - blue) * ((Float(source[cb &+ place]) - neutral) / chromaSteps)
            let r = y + 2 * (1 - red) * ((Float(source[cr &+ place]) - neutral) / chromaSteps)
            let g = (y - red * r - blue * b) / green
            target[3 &* pixel] = Self.sample(r)
            target[3 &* pixel &+ 1] = Self.sample(g)
            target[3 &* pixel &+ 2] = Self.sample(b)
          }
        }
        count = area * channels
      }
    }
  }

  private static func sample(_ value: Float) -> UInt16 {
    UInt16(truncatingIfNeeded: Int32((value > 0 ? min(value, 1) : 0) * 65_535 + 0.5))
  }

  func encoded(_ samples: [UInt16]) -> [UInt8] {
    var planes = [Float](repeating: 0, count: width * height)
    var blues = [Float](repeating: 0, count: chroma.width * chroma.height)
    var reds = blues
    let green = 1 - red - blue
    for row in 0..<height {
      for column in 0..<width {
        let pixel = row * width + column
        guard !format.isGray else {
          planes[pixel] = Float(samples[pixel]) / 65_535
          continue
        }
        let r = Float(samples[3 * pixel]) / 65_535
        let g = Float(samples[3 * pixel + 1]) / 65_535
        let b = Float(samples[3 * pixel + 2]) / 65_535
        let y = red * r + green * g + blue * b
        planes[pixel] = y
        let place = place(row, column)
        blues[place] += (b - y) / (2 * (1 - blue))
        reds[place] += (r - y) / (2 * (1 - red))
      }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(format.length(width: width, height: height))
    let largest = Float(1 << format.depth) - 1
    func append(_ value: Float) {
      let number = UInt16(truncatingIfNeeded: Int32(min(max(value, 0), largest) + 0.5))
      bytes.append(UInt8(truncatingIfNeeded: number))
      if format.depth > 8 { bytes.append(UInt8(number >> 8)) }
    }
    for y in planes { append(y * lumaSteps + black) }
    for plane in [blues, reds] {
      for place in plane.indices {
        append(plane[place] / pixelCount(sharing: place) * chromaSteps + neutral)
      }
    }
    return bytes
  }

  /// Puts samples back as they were read where all the pixels that they are of are as they were.
  func keep(_ read: FilmSamples, ofPixelsOf samples: [UInt16], in bytes: inout [UInt8]) {
    guard (read.width, read.height) == (width, height), read.bytes.count == bytes.count else {
      return
    }
    let was = decoded(read.bytes)
    let channels = format.isGray ? 1 : 3
    let sampleBytes = format.depth > 8 ? 2 : 1
    func keep(_ sample: Int) {
      for byte in sample * sampleBytes..<(sample + 1) * sampleBytes {
        bytes[byte] = read.bytes[byte]
      }
    }
    var isChanged = [Bool](repeating: false, count: chroma.width * chroma.height)
    for row in 0..<height {
      for column in 0..<width {
        let pixel = row * width + column
        if (channels * pixel..<channels * (pixel + 1)).allSatisfy({ samples[$0] == was[$0] }) {
          keep(pixel)
        } else if !format.isGray {
          isChanged[place(row, column)] = true
        }
      }
    }
    for place in isChanged.indices where !isChanged[place] {
      keep(width * height + place)
      keep(width * height + isChanged.count + place)
    }
  }

  /// Of the chroma sample that a pixel shares, in its plane.
  private func place(_ row: Int, _ column: Int) -> Int {
    row / format.subsampling.down &* chroma.width &+ column / format.subsampling.across
  }

  /// How many pixels share a chroma sample: fewer at the right and the lower edge.
  private func pixelCount(sharing place: Int) -> Float {
    let (x, y) = (place % chroma.width, place / chroma.width)
    let across = min(format.subsampling.across, width - x * format.subsampling.across)
    let down = min(format.subsampling.down, height - y * format.subsampling.down)
    return Float(across * down)
  }
}

extension UnsafeRawBufferPointer {
  /// Little-endian 16-bit numbers.
  fileprivate func bindMemory16() -> [UInt16] {
    (0..<count / 2).map {
      UInt16(littleEndian: loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))
    }
  }
}

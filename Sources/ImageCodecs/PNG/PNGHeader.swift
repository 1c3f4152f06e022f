import Files

/// A PNG file's header, read without decoding (PNG specification, third edition, section 11).
enum PNGHeader {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The chunks that decide the extents are at hand only when all have been seen: an eXIf chunk
  /// may follow the image data.
  static func read(from source: ByteSource, name: String) throws -> ImageHeader {
    func damaged(_ message: String) -> ImageError {
      ImageError(kind: .badData, path: name, message: "damaged PNG: \(message)")
    }
    let first = try source.read(at: signature.count, count: 25)
    guard first.count == 25, first[4..<8].elementsEqual("IHDR".utf8) else {
      throw damaged("the header is missing or cut off")
    }
    let width = number(first, at: 8)
    let height = number(first, at: 12)
    guard 1...0x7FFF_FFFF ~= width, 1...0x7FFF_FFFF ~= height else {
      throw damaged("\(width)x\(height) is no extent")
    }
    let colorType = first[17]
    var model: Image.ColorModel
    switch colorType {
    case 0: model = .gray
    case 2, 3: model = .rgb
    case 4: model = .grayAlpha
    case 6: model = .rgba
    default: throw damaged("unknown color type \(colorType)")
    }
    var orientation = Orientation.upright
    var offset = signature.count + 25
    var hasImageData = false
    while true {
      let chunk = try source.read(at: offset, count: 8)
      guard chunk.count == 8 else { break }
      let length = number(chunk, at: 0)
      let type = chunk[4...]
      if type.elementsEqual("IEND".utf8) { break }
      if type.elementsEqual("IDAT".utf8) { hasImageData = true }
      if type.elementsEqual("tRNS".utf8), !hasImageData {
        switch (colorType, length) {
        case (0, 2): model = .grayAlpha
        case (2, 6), (3, 1...256): model = .rgba
        default: break
        }
      }
      if type.elementsEqual("eXIf".utf8), length <= 1 << 22 {
        orientation = EXIF.orientation(of: try source.read(at: offset + 8, count: length))
      }
      offset += 12 + length
    }
    var header = ImageHeader(
      format: .png, width: width, height: height, colorModel: model,
      depth: first[16] == 16 ? 16 : 8, orientation: .upright)
    header.apply(orientation)
    return header
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> Int {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}

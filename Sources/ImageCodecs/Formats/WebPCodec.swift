import CWebP
import Files

extension ImageFormat {
  package static let webp = ImageFormat("webp", "WebP", extensions: ["webp"], WebPCodec.self) {
    $0.depth = 8
    $0.isLossless = false
    $0.hasQuality = true
  }
}

/// WebP files by libwebp: lossy and lossless, alpha, ICC profile, EXIF and XMP. Written lossless where
/// `EncodingOptions.jpegQuality` is 100. (The container: WebP Container Specification, RFC 9649.)
enum WebPCodec: ImageCodec {
  static var isAvailable: Bool { cwebp_is_available() != 0 }

  static func recognizes(_ first: [UInt8]) -> Bool {
    first.starts(with: "RIFF".utf8) && first.dropFirst(8).starts(with: "WEBP".utf8)
  }

  static func header(of source: ByteSource, name: String) throws -> ImageHeader {
    let bytes = try source.all()
    let header = try header(bytes, name)
    var result = ImageHeader(
      format: .webp, width: Int(header.width), height: Int(header.height),
      colorModel: header.has_alpha != 0 ? .rgba : .rgb, depth: 8, orientation: .upright)
    if let exif = chunks(bytes)["EXIF"].map(exif) { result.apply(EXIF.orientation(of: exif)) }
    return result
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws -> Image {
    let header = try header(bytes, name)
    let (width, height) = (Int(header.width), Int(header.height))
    try limits.check(width: width, height: height, name: name)
    let model: Image.ColorModel = header.has_alpha != 0 ? .rgba : .rgb
    let rowLength = width * model.channels
    var succeeded = false
    let samples = [UInt8](unsafeUninitializedCapacity: rowLength * height) { buffer, count in
      buffer.initialize(repeating: 0)
      succeeded =
        cwebp_decode(bytes, bytes.count, header.has_alpha, buffer.baseAddress, rowLength) != 0
      count = buffer.count
    }
    guard succeeded else { throw damaged(name, "the picture's data are damaged or cut off") }
    var metadata = Metadata()
    var orientation = Orientation.upright
    let chunks = chunks(bytes)
    metadata.iccProfile = chunks["ICCP"]
    if let chunk = chunks["EXIF"] {
      var exif = exif(chunk)
      orientation = EXIF.orientation(of: exif)
      EXIF.resetOrientation(of: &exif)
      EXIF.removeThumbnail(from: &exif)
      metadata.exif = exif
    }
    if let packet = chunks["XMP "] {
      metadata.text.append(
        .init(keyword: XMP.keyword, value: XMP.forResult(TextEncodings.utf8OrLatin1(packet))))
    }
    return Image(
      width: width, height: height, colorModel: model, samples: .bits8(samples), metadata: metadata
    ).applying(orientation)
  }

  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    guard isAvailable else {
      throw ImageError(
        kind: .usage, path: name, message: "this program is built without libwebp; write PNG")
    }
    guard image.width <= CWEBP_MAXIMUM_SIDE, image.height <= CWEBP_MAXIMUM_SIDE else {
      throw ImageError(
        kind: .usage, path: name,
        message: "WebP holds at most \(CWEBP_MAXIMUM_SIDE) pixels a side, the picture has "
          + "\(image.width)x\(image.height): write a PNG")
    }
    let hasAlpha = image.colorModel.hasAlpha
    let colored = image.converted(to: hasAlpha ? .rgba : .rgb).converted(toDepth: 8)
    guard case .bits8(let samples) = colored.samples else { return [] }
    var count = 0
    let start = cwebp_encode(
      samples, UInt32(image.width), UInt32(image.height), hasAlpha ? 1 : 0,
      image.width * colored.colorModel.channels, Float(options.jpegQuality),
      options.jpegQuality == 100 ? 1 : 0, &count)
    guard let start else {
      throw ImageError(kind: .inputOutput, path: name, message: "not enough memory to encode it")
    }
    defer { cwebp_free(start) }
    return wrapped(Array(UnsafeBufferPointer(start: start, count: count)), colored)
  }

  /// The length that the RIFF header tells.
  static func length(in stream: StreamCursor) throws -> Int? {
    guard let bytes = try stream.number(at: 4, bytes: 4) else { return nil }
    let length = 8 + Int(UInt32(bytes).byteSwapped)
    try stream.check(length)
    return try stream.byte(at: length - 1) == nil ? nil : length
  }

  private static func header(_ bytes: [UInt8], _ name: String) throws(ImageError) -> cwebp_header {
    var header = cwebp_header()
    guard cwebp_header_of(bytes, bytes.count, &header) != 0 else {
      throw damaged(name, "the header is damaged or cut off")
    }
    guard header.is_animated == 0 else {
      var frames = 0
      forEachChunk(bytes) { kind, _ in if kind == "ANMF" { frames += 1 } }
      throw ImageError(
        kind: .badData, path: name,
        message: "an animated WebP of \(frames) pictures; expected one: "
          + "webpmux -get frame 1 IN -o OUT.webp takes the first")
    }
    return header
  }

  private static func damaged(_ name: String, _ words: String) -> ImageError {
    ImageError(kind: .badData, path: name, message: "damaged WebP: \(words)")
  }

  /// The TIFF stream; some programs put JPEG's signature before it.
  private static func exif(_ chunk: [UInt8]) -> [UInt8] {
    chunk.starts(with: JPEGHeader.exifSignature)
      ? Array(chunk.dropFirst(JPEGHeader.exifSignature.count)) : chunk
  }

  /// The chunks that are no picture, the first of each kind.
  private static func chunks(_ bytes: [UInt8]) -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    forEachChunk(bytes) { kind, content in
      if ["ICCP", "EXIF", "XMP "].contains(kind), found[kind] == nil {
        found[kind] = Array(content)
      }
    }
    return found
  }

  private static func forEachChunk(_ bytes: [UInt8], _ body: (String, ArraySlice<UInt8>) -> Void) {
    var offset = 12
    while offset + 8 <= bytes.count {
      let length = bytes[offset + 4..<offset + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - offset - 8 else { return }
      body(
        String(decoding: bytes[offset..<offset + 4], as: UTF8.self),
        bytes[offset + 8..<offset + 8 + length])
      offset += 8 + length + length % 2
    }
  }

  /// A file with what else there is to say of the picture, in the extended form.
  private static func wrapped(_ file: [UInt8], _ image: Image) -> [UInt8] {
    let profile = image.metadata.iccProfile.flatMap {
      ICCProfile.describes(.rgb, $0) ? $0 : nil
    }
    let exif = image.metadata.exif.map { block -> [UInt8] in
      var block = block
      EXIF.setExtents(of: &block, width: image.width, height: image.height)
      return block
    }
    let packet = image.metadata.text.first { $0.keyword == XMP.keyword }.map {
      Array(XMP.settingExtents($0.value, width: image.width, height: image.height).utf8)
    }
    guard profile != nil || exif != nil || packet != nil else { return file }
    var content = Array("WEBP".utf8)
    func add(_ kind: String, _ bytes: some Collection<UInt8>) {
      content += kind.utf8
      content += littleEndian(bytes.count, 4)
      content += bytes
      if bytes.count % 2 == 1 { content.append(0) }
    }
    let flags =
      (profile == nil ? 0 : 0x20) | (image.colorModel.hasAlpha ? 0x10 : 0)
      | (exif == nil ? 0 : 0x08)
      | (packet == nil ? 0 : 0x04)
    add(
      "VP8X",
      littleEndian(flags, 4) + littleEndian(image.width - 1, 3) + littleEndian(image.height - 1, 3))
    if let profile { add("ICCP", profile) }
    forEachChunk(file) { kind, bytes in
      if ["ALPH", "VP8 ", "VP8L"].contains(kind) { add(kind, bytes) }
    }
    if let exif { add("EXIF", exif) }
    if let packet { add("XMP ", packet) }
    return Array("RIFF".utf8) + littleEndian(content.count, 4) + content
  }

  private static func littleEndian(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}

import CTIFF
import Files

extension ImageFormat {
  package static let tiff = ImageFormat(
    "tiff", "TIFF", extensions: ["tif", "tiff"], TIFFCodec.self
  ) {
    $0.hasPages = true
  }
}

/// TIFF files (TIFF 6.0, BigTIFF) by libtiff: 1 to 16 bits, and floating-point and signed numbers in their
/// own range (`Metadata.valueRange`) with 16 bits; gray, RGB, palette, CMYK and what libtiff converts;
/// strips and tiles, either order of samples, all its compressions, any number of pages.
enum TIFFCodec: PagedImageCodec {
  static var isAvailable: Bool { ctiff_is_available() != 0 }

  static func recognizes(_ first: [UInt8]) -> Bool {
    [
      [0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A], [0x49, 0x49, 0x2B, 0], [0x4D, 0x4D, 0, 0x2B],
    ].contains {
      first.starts(with: $0)
    }
  }

  static func header(of source: ByteSource, name: String) throws -> ImageHeader {
    let bytes = try source.all()
    return try bytes.withUnsafeBufferPointer { bytes in
      try TIFFDecoder(bytes, name: name).header()
    }
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws -> Image {
    try bytes.withUnsafeBufferPointer { buffer in
      let decoder = try TIFFDecoder(buffer, name: name)
      var image = try decoder.image(page: 0, limits: limits)
      image.metadata.exif = TIFFDirectories.block(of: bytes, page: decoder.directory(of: 0))
      if decoder.pageCount > 1 {
        image.metadata.remarks.append("only the first of its \(decoder.pageCount) pages is read")
      }
      return image
    }
  }

  /// Up to the end of what its directories tell of.
  static func length(in stream: StreamCursor) throws -> Int? {
    try TIFFExtent.length(in: stream)
  }

  static func pageCount(_ bytes: [UInt8], name: String) throws -> Int {
    try bytes.withUnsafeBufferPointer { try TIFFDecoder($0, name: name).pageCount }
  }

  static func decode(
    _ bytes: [UInt8], page: Int, name: String, limits: ImageLimits
  ) throws -> Image {
    try bytes.withUnsafeBufferPointer {
      let decoder = try TIFFDecoder($0, name: name)
      var image = try decoder.image(page: page, limits: limits)
      image.metadata.exif = TIFFDirectories.block(of: bytes, page: decoder.directory(of: page))
      return image
    }
  }

  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    try encode(pages: [image], options: options, name: name)
  }

  static func encode(
    pages: [Image], options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    let length = pages.reduce(0) { sum, page in
      sum + page.width * page.height * page.colorModel.channels
        * (page.metadata.valueRange == nil ? page.depth / 8 : 4)
    }
    // What is compressed may be a little longer than what it is made of.
    let encoder = try TIFFEncoder(isLarge: length > 3 << 30, name: name)
    for page in pages { try encoder.add(page) }
    var file = try encoder.bytes()
    TIFFDirectories.insert(
      pages.map { page in
        guard var block = page.metadata.exif else { return nil }
        EXIF.setExtents(of: &block, width: page.width, height: page.height)
        return block
      }, into: &file)
    return file
  }
}

/// The owner of one reader.
private final class TIFFDecoder {
  private let reader: OpaquePointer
  private let name: String
  let pageCount: Int

  /// - Parameter bytes: must outlive the decoder.
  init(_ bytes: UnsafeBufferPointer<UInt8>, name: String) throws(ImageError) {
    guard let reader = ctiff_reader_create(bytes.baseAddress, bytes.count) else {
      throw ImageError(kind: .badData, path: name, message: "not enough memory to decode it")
    }
    self.reader = reader
    self.name = name
    pageCount = ctiff_reader_page_count(reader)
    if pageCount == 0 { throw damaged() }
  }

  deinit { ctiff_reader_destroy(reader) }

  /// Which of the file's directories a page is.
  func directory(of page: Int) -> Int { ctiff_reader_directory(reader, page) }

  func header() throws(ImageError) -> ImageHeader {
    let header = try open(0)
    var result = ImageHeader(
      format: .tiff, width: Int(header.width), height: Int(header.height),
      colorModel: Image.ColorModel(rawValue: Int(header.channels)) ?? .rgb,
      depth: header.depth == 8 ? 8 : 16, orientation: .upright)
    result.pages = pageCount
    result.apply(Orientation(rawValue: Int(header.orientation)) ?? .upright)
    return result
  }

  func image(page: Int, limits: ImageLimits) throws(ImageError) -> Image {
    let header = try open(page)
    let (width, height) = (Int(header.width), Int(header.height))
    try limits.check(width: width, height: height, name: name)
    guard let model = Image.ColorModel(rawValue: Int(header.channels)) else { throw damaged() }
    let rowLength = width * model.channels
    var image: Image
    switch header.depth {
    case 8:
      image = Image(
        width: width, height: height, colorModel: model,
        samples: .bits8(try samples(rowLength, height)))
    case 16:
      image = Image(
        width: width, height: height, colorModel: model,
        samples: .bits16(try samples(rowLength, height)))
    default:
      let numbers: [Float] = try samples(rowLength, height)
      image = Self.image(numbers, width: width, height: height, model)
    }
    readMetadata(into: &image.metadata, header)
    return image.applying(Orientation(rawValue: Int(header.orientation)) ?? .upright)
  }

  /// The colors on the scale of their smallest and largest number; alpha on that of 0 to 1.
  private static func image(
    _ numbers: [Float], width: Int, height: Int, _ model: Image.ColorModel
  ) -> Image {
    guard model.hasAlpha else {
      return Image(numbers: numbers, width: width, height: height, colorModel: model)
    }
    let channels = model.channels
    var colors: [Float] = []
    colors.reserveCapacity(width * height * (channels - 1))
    for start in stride(from: 0, to: numbers.count, by: channels) {
      colors += numbers[start..<start + channels - 1]
    }
    let opaque = Image(
      numbers: colors, width: width, height: height, colorModel: model == .rgba ? .rgb : .gray)
    var image = opaque.converted(to: model)
    guard case .bits16(var samples) = image.samples else { return opaque }
    for place in stride(from: channels - 1, to: numbers.count, by: channels) {
      let alpha = numbers[place]
      samples[place] = UInt16(((alpha > 0 ? min(alpha, 1) : 0) * 65_535).rounded())
    }
    image.samples = .bits16(samples)
    return image
  }

  private func open(_ page: Int) throws(ImageError) -> ctiff_header {
    var header = ctiff_header()
    guard ctiff_reader_open(reader, page, &header) != 0 else { throw damaged() }
    return header
  }

  private func samples<Sample: Numeric>(
    _ rowLength: Int, _ height: Int
  ) throws(ImageError) -> [Sample] {
    var succeeded = false
    let samples = [Sample](unsafeUninitializedCapacity: rowLength * height) { buffer, count in
      buffer.initialize(repeating: 0)
      succeeded =
        ctiff_reader_samples(
          reader, buffer.baseAddress, rowLength * MemoryLayout<Sample>.stride) != 0
      count = buffer.count
    }
    guard succeeded else { throw damaged() }
    return samples
  }

  private func readMetadata(into metadata: inout Metadata, _ header: ctiff_header) {
    if header.is_subtractive == 0 { metadata.iccProfile = block(CTIFF_ICC) }
    if let packet = block(CTIFF_XMP) {
      let text = TextEncodings.utf8OrLatin1(packet)
      metadata.text.append(.init(keyword: XMP.keyword, value: XMP.forResult(text)))
    }
    if let description = block(CTIFF_DESCRIPTION) {
      metadata.text.append(
        .init(keyword: "Description", value: TextEncodings.utf8OrLatin1(description)))
    }
    metadata.photoshopResources = block(CTIFF_PHOTOSHOP).flatMap(PhotoshopResources.forResult)
    let (across, down) = (header.horizontal_resolution, header.vertical_resolution)
    let unit: Resolution.Unit =
      switch header.resolution_unit {
      case 2: .inch
      case 3: .centimeter
      default: .none
      }
    // What libraries write where they know nothing. Other numbers without a unit may be ImageJ's, whose unit the
    // description tells.
    if unit == .none && across == 1 && down == 1 { return }
    metadata.resolution = Resolution(
      horizontal: Self.decimal(across), vertical: Self.decimal(down), unit: unit)
  }

  /// The shortest decimal fraction that a number of single precision stands for.
  private static func decimal(_ number: Float) -> Double { Double("\(number)") ?? 0 }

  private func block(_ kind: Int) -> [UInt8]? {
    var start: UnsafePointer<UInt8>?
    var count = 0
    guard ctiff_reader_block(reader, Int32(kind), &start, &count) != 0, let start else {
      return nil
    }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }

  private func damaged() -> ImageError {
    let message = String(cString: ctiff_reader_message(reader))
    return ImageError(kind: .badData, path: name, message: "damaged TIFF: \(message)")
  }
}

/// The owner of one writer.
private final class TIFFEncoder {
  private let writer: OpaquePointer
  private let name: String

  init(isLarge: Bool, name: String) throws(ImageError) {
    guard let writer = ctiff_writer_create(isLarge ? 1 : 0) else {
      throw ImageError(
        kind: .inputOutput, path: name,
        message: TIFFCodec.isAvailable
          ? "not enough memory to encode it"
          : "this program is built without libtiff; write PNG or PAM")
    }
    self.writer = writer
    self.name = name
  }

  deinit { ctiff_writer_destroy(writer) }

  func add(_ image: Image) throws(ImageError) {
    let result: Int32
    if image.metadata.valueRange != nil {
      result = add(image, Self.numbersWithAlpha(image), depth: 32)
    } else {
      switch image.samples {
      case .bits8(let samples): result = add(image, samples, depth: 8)
      case .bits16(let samples): result = add(image, samples, depth: 16)
      }
    }
    guard result != 0 else { throw failure() }
  }

  /// Alpha stays on the scale 0 to 1.
  private static func numbersWithAlpha(_ image: Image) -> [Float] {
    var numbers = image.numbers()
    guard image.colorModel.hasAlpha else { return numbers }
    var plain = image
    plain.metadata.valueRange = nil
    let alpha = plain.numbers()
    let channels = image.colorModel.channels
    for place in stride(from: channels - 1, to: numbers.count, by: channels) {
      numbers[place] = alpha[place]
    }
    return numbers
  }

  private func add<Sample>(_ image: Image, _ samples: [Sample], depth: Int) -> Int32 {
    let metadata = image.metadata
    var header = ctiff_header()
    header.width = UInt32(image.width)
    header.height = UInt32(image.height)
    header.channels = Int32(image.colorModel.channels)
    header.depth = Int32(depth)
    // EXIF's own stands in the same entries.
    let resolution = metadata.resolution ?? metadata.exif.flatMap(EXIF.resolution)
    if let resolution = resolution?.perInch {
      header.horizontal_resolution = Float(resolution.horizontal)
      header.vertical_resolution = Float(resolution.vertical)
      header.resolution_unit =
        switch resolution.unit {
        case .inch: 2
        case .centimeter: 3
        case .meter, .none: 1
        }
    }
    let profile = metadata.iccProfile.flatMap {
      ICCProfile.describes(image.colorModel, $0) ? $0 : nil
    }
    let packet = metadata.text.first { $0.keyword == XMP.keyword }.map {
      Array(XMP.settingExtents($0.value, width: image.width, height: image.height).utf8)
    }
    let (description, programs) = (Self.description(metadata), Self.programs(metadata))
    let empty: [UInt8] = []
    return samples.withUnsafeBytes { samples in
      (profile ?? empty).withUnsafeBufferPointer { profile in
        (packet ?? empty).withUnsafeBufferPointer { packet in
          (metadata.photoshopResources ?? empty).withUnsafeBufferPointer { resources in
            withStrings(description, programs) { description, programs in
              var page = ctiff_page()
              page.header = header
              page.samples = samples.baseAddress
              page.row_bytes = image.width * image.colorModel.channels * depth / 8
              if !profile.isEmpty {
                (page.icc, page.icc_count) = (profile.baseAddress, profile.count)
              }
              if !packet.isEmpty { (page.xmp, page.xmp_count) = (packet.baseAddress, packet.count) }
              if !resources.isEmpty {
                (page.photoshop, page.photoshop_count) = (resources.baseAddress, resources.count)
              }
              (page.description, page.software) = (description, programs)
              return ctiff_writer_add(writer, &page)
            }
          }
        }
      }
    }
  }

  /// Lends two strings of C, nil for those that are empty.
  private func withStrings<Result>(
    _ a: [CChar], _ b: [CChar],
    _ body: (UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Result
  ) -> Result {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        body(a.count > 1 ? a.baseAddress : nil, b.count > 1 ? b.baseAddress : nil)
      }
    }
  }

  /// The description as it came, as programs look in it for what they wrote; other texts, but for those that have
  /// an entry of their own, a line each behind it.
  private static func description(_ metadata: Metadata) -> [CChar] {
    let texts = metadata.text.filter { $0.keyword != XMP.keyword && $0.keyword != software }
    let own = texts.filter { $0.keyword == "Description" }.map(\.value)
    let others = texts.filter { $0.keyword != "Description" }.map {
      $0.keyword == "Comment" ? $0.value : "\($0.keyword): \($0.value)"
    }
    // What follows a document that programs read would spoil it: OME's in XML, others in JSON, ImageJ's lines.
    let isDocument = ["<?xml", "{", "ImageJ="].contains { own.first?.hasPrefix($0) ?? false }
    return string((isDocument ? own : own + others).joined(separator: "\n"))
  }

  /// What made the picture, the program that EXIF names first.
  private static func programs(_ metadata: Metadata) -> [CChar] {
    let texts = metadata.text.filter { $0.keyword == software }.map(\.value)
    guard !texts.isEmpty else { return string("") }
    let first = metadata.exif.flatMap(TIFFDirectories.software)
    return string(((first.map { [$0] } ?? []) + texts).joined(separator: "\n"))
  }

  private static let software = "Software"

  /// As C has it, up to the end that it has in C.
  private static func string(_ text: String) -> [CChar] {
    text.utf8.filter { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
  }

  func bytes() throws(ImageError) -> [UInt8] {
    var count = 0
    guard let start = ctiff_writer_bytes(writer, &count) else { throw failure() }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }

  private func failure() -> ImageError {
    let message = String(cString: ctiff_writer_message(writer))
    return ImageError(
      kind: .inputOutput, path: name, message: "the TIFF could not be encoded: \(message)")
  }
}

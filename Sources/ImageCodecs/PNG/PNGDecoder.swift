import CPNG

/// Decodes PNG streams. The owner of one libpng reader.
final class PNGDecoder {
  private let reader: OpaquePointer
  private let name: String
  private let bytes: UnsafeBufferPointer<UInt8>

  /// - Parameter bytes: must outlive the decoder.
  private init(bytes: UnsafeBufferPointer<UInt8>, name: String) throws(ImageError) {
    guard let reader = cpng_reader_create(bytes.baseAddress, bytes.count) else {
      throw ImageError(kind: .badData, path: name, message: "not enough memory to decode it")
    }
    self.reader = reader
    self.name = name
    self.bytes = bytes
  }

  deinit { cpng_reader_destroy(reader) }

  static func decode(_ bytes: [UInt8], name: String, limits: ImageLimits) throws -> Image {
    try bytes.withUnsafeBufferPointer { buffer in
      try PNGDecoder(bytes: buffer, name: name).image(limits: limits)
    }
  }

  /// The pixels of a part, equal to those of the whole picture; without metadata.
  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, window: ImageWindow
  ) throws -> Image {
    // A chunk that says how the picture is turned may stand behind it.
    if try PNGHeader.read(from: ByteSource(bytes: bytes), name: name).orientation == .upright {
      let part = try bytes.withUnsafeBufferPointer { buffer in
        try PNGDecoder(bytes: buffer, name: name).image(limits: limits, window: window)
      }
      if let part { return part }
    }
    let whole = try decode(bytes, name: name, limits: limits)
    try window.check(width: whole.width, height: whole.height, name: name)
    return whole.cropped(to: window)
  }

  /// nil where the picture has to be read as a whole, being interlaced.
  private func image(limits: ImageLimits, window: ImageWindow) throws(ImageError) -> Image? {
    var header = cpng_header()
    guard cpng_reader_header(reader, &header) != 0 else { throw damaged() }
    try limits.check(width: Int(header.width), height: Int(header.height), name: name)
    try window.check(width: Int(header.width), height: Int(header.height), name: name)
    guard let model = Image.ColorModel(rawValue: Int(header.channels)) else {
      throw damaged("\(header.channels) channels")
    }
    let samples: Image.Samples?
    if header.depth == 16 {
      samples = try read(window, rowLength: Int(header.width), model).map { .bits16($0) }
    } else {
      samples = try read(window, rowLength: Int(header.width), model).map { .bits8($0) }
    }
    return samples.map {
      Image(width: window.width, height: window.height, colorModel: model, samples: $0)
    }
  }

  private func read<Sample: FixedWidthInteger>(
    _ window: ImageWindow, rowLength: Int, _ model: Image.ColorModel
  ) throws(ImageError) -> [Sample]? {
    let size = MemoryLayout<Sample>.stride
    let row = UnsafeMutablePointer<Sample>.allocate(capacity: rowLength * model.channels)
    defer { row.deallocate() }
    let partLength = window.width * model.channels
    var result: Int32 = 0
    let samples = [Sample](unsafeUninitializedCapacity: partLength * window.height) {
      buffer, count in
      result = cpng_reader_window(
        reader, UInt32(window.x), UInt32(window.y), UInt32(window.width), UInt32(window.height),
        buffer.baseAddress, partLength * size, row)
      count = result == 1 ? buffer.count : 0
    }
    if result == 0 { throw damaged() }
    return result < 0 ? nil : samples
  }

  private func image(limits: ImageLimits) throws(ImageError) -> Image {
    var header = cpng_header()
    guard cpng_reader_header(reader, &header) != 0 else { throw damaged() }
    let width = Int(header.width)
    let height = Int(header.height)
    try limits.check(width: width, height: height, name: name)
    guard let model = Image.ColorModel(rawValue: Int(header.channels)) else {
      throw damaged("\(header.channels) channels")
    }
    let rowLength = width * model.channels
    let samples: Image.Samples
    if header.depth == 16 {
      samples = .bits16(try read(rowLength: rowLength, height: height))
    } else {
      samples = .bits8(try read(rowLength: rowLength, height: height))
    }
    let chunks = PNGChunks(of: bytes)
    var metadata = Metadata(iccProfile: block(cpng_reader_icc), text: chunks.texts)
    metadata.codePoints = chunks.codePoints
    metadata.remarks = chunks.remarks
    if chunks.hasProfile && metadata.iccProfile == nil {
      metadata.remarks.append(ICCProfile.remark)
    }
    metadata.takePhotoshopResources()
    var orientation = Orientation.upright
    if var exif = block(cpng_reader_exif) {
      orientation = EXIF.orientation(of: exif)
      EXIF.resetOrientation(of: &exif)
      EXIF.removeThumbnail(from: &exif)
      metadata.exif = exif
    }
    readNotes(into: &metadata)
    return Image(
      width: width, height: height, colorModel: model, samples: samples, metadata: metadata
    ).applying(orientation)
  }

  private func read<Sample: FixedWidthInteger>(
    rowLength: Int, height: Int
  ) throws(ImageError) -> [Sample] {
    var succeeded = false
    let samples = [Sample](unsafeUninitializedCapacity: rowLength * height) { buffer, count in
      succeeded =
        cpng_reader_samples(
          reader, buffer.baseAddress, rowLength * MemoryLayout<Sample>.stride) != 0
      count = succeeded ? buffer.count : 0
    }
    guard succeeded else { throw damaged() }
    return samples
  }

  private func block(
    _ read: (
      OpaquePointer, UnsafeMutablePointer<UnsafePointer<UInt8>?>, UnsafeMutablePointer<Int>
    ) -> Int32
  ) -> [UInt8]? {
    var start: UnsafePointer<UInt8>?
    var count = 0
    guard read(reader, &start, &count) != 0, let start else { return nil }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }

  private func readNotes(into metadata: inout Metadata) {
    var notes = cpng_notes()
    cpng_reader_notes(reader, &notes)
    if notes.has_resolution != 0 {
      metadata.resolution = Resolution(
        horizontal: Double(notes.horizontal), vertical: Double(notes.vertical),
        unit: notes.is_per_meter != 0 ? .meter : .none)
    }
    // A profile stands above these, and libpng derives them from it.
    guard metadata.iccProfile == nil else { return }
    var calibration = ColorCalibration()
    if notes.intent >= 0 {
      calibration.renderingIntent = Int(notes.intent)
    } else {
      if notes.gamma > 0 { calibration.gamma = UInt32(notes.gamma) }
      if notes.has_chromaticities != 0 {
        calibration.chromaticities = withUnsafeBytes(of: notes.chromaticities) {
          Array($0.bindMemory(to: Int32.self))
        }
      }
    }
    if !calibration.isEmpty { metadata.calibration = calibration }
  }

  private func damaged(_ message: String? = nil) -> ImageError {
    let message = message ?? String(cString: cpng_reader_message(reader))
    return ImageError(kind: .badData, path: name, message: "damaged PNG: \(message)")
  }
}

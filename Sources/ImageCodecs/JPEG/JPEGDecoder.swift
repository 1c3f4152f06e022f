import CJPEG

/// Decodes JPEG streams. The owner of one libjpeg reader.
final class JPEGDecoder {
  private let reader: OpaquePointer
  private let name: String

  /// - Parameter bytes: must outlive the decoder.
  private init(bytes: UnsafeBufferPointer<UInt8>, name: String) throws(ImageError) {
    guard let reader = cjpeg_reader_create(bytes.baseAddress, bytes.count) else {
      throw ImageError(kind: .badData, path: name, message: "not enough memory to decode it")
    }
    self.reader = reader
    self.name = name
  }

  deinit { cjpeg_reader_destroy(reader) }

  /// - Parameter minimumSize: in pixels of the picture as displayed. Where the picture has at
  ///   least twice as many both ways, it is decoded at 1/2, 1/4 or 1/8 of its extents.
  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws -> Image {
    var (image, orientation) = try bytes.withUnsafeBufferPointer { buffer in
      try JPEGDecoder(bytes: buffer, name: name).image(limits: limits, minimumSize: minimumSize)
    }
    image.metadata.jpegFile = JPEGFile(bytes: bytes, orientation: orientation)
    return image
  }

  /// The pixels of a part, equal to those of the whole picture; without metadata.
  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, window: ImageWindow
  ) throws -> Image {
    try bytes.withUnsafeBufferPointer { buffer in
      try JPEGDecoder(bytes: buffer, name: name).image(limits: limits, window: window)
    }
  }

  private func image(limits: ImageLimits, window: ImageWindow) throws(ImageError) -> Image {
    var header = cjpeg_header()
    guard cjpeg_reader_header(reader, &header) != 0 else { throw damaged() }
    try limits.check(width: Int(header.width), height: Int(header.height), name: name)
    let orientation = readMetadata().orientation
    let stored = window.stored(orientation)
    try stored.check(width: Int(header.width), height: Int(header.height), name: name)
    let rowLength = stored.width * Int(header.channels)
    var succeeded = false
    let samples = [UInt8](unsafeUninitializedCapacity: rowLength * stored.height) {
      buffer, count in
      succeeded =
        cjpeg_reader_window(
          reader, UInt32(stored.x), UInt32(stored.y), UInt32(stored.width), UInt32(stored.height),
          buffer.baseAddress, rowLength) != 0
      count = succeeded ? buffer.count : 0
    }
    guard succeeded else { throw damaged() }
    return Image(
      width: stored.width, height: stored.height, colorModel: header.channels == 1 ? .gray : .rgb,
      samples: .bits8(samples)
    ).applying(orientation)
  }

  private func image(
    limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws(ImageError) -> (Image, Orientation) {
    var header = cjpeg_header()
    guard cjpeg_reader_header(reader, &header) != 0 else { throw damaged() }
    try limits.check(width: Int(header.width), height: Int(header.height), name: name)
    var (metadata, orientation) = readMetadata()
    if header.is_subtractive != 0 { metadata.iccProfile = nil }
    metadata.resolution = Self.resolution(header)
    metadata.jpegQuality = quality()
    if let (width, height) = minimumSize {
      try scale(
        &header, minimumWidth: orientation.swapsAxes ? height : width,
        minimumHeight: orientation.swapsAxes ? width : height)
    }
    let rowLength = Int(header.width) * Int(header.channels)
    var succeeded = false
    let samples = [UInt8](unsafeUninitializedCapacity: rowLength * Int(header.height)) {
      buffer, count in
      succeeded = cjpeg_reader_samples(reader, buffer.baseAddress, rowLength) != 0
      count = succeeded ? buffer.count : 0
    }
    guard succeeded else { throw damaged() }
    if cjpeg_reader_lacks_end(reader) != 0 {
      metadata.remarks.append("the file lacks its end marker, and may have been cut off")
    }
    let image = Image(
      width: Int(header.width), height: Int(header.height),
      colorModel: header.channels == 1 ? .gray : .rgb, samples: .bits8(samples),
      metadata: metadata
    ).applying(orientation)
    return (image, orientation)
  }

  private func quality() -> Int? {
    var table = [UInt16](repeating: 0, count: 64)
    guard cjpeg_reader_quantization(reader, &table) != 0 else { return nil }
    return JPEGQuality.nearest(to: table)
  }

  private func scale(
    _ header: inout cjpeg_header, minimumWidth: Int, minimumHeight: Int
  ) throws(ImageError) {
    let denominator = [8, 4, 2].first { denominator in
      (Int(header.width) + denominator - 1) / denominator >= minimumWidth
        && (Int(header.height) + denominator - 1) / denominator >= minimumHeight
    }
    guard let denominator else { return }
    guard cjpeg_reader_scale(reader, Int32(denominator), &header) != 0 else { throw damaged() }
  }

  private func readMetadata() -> (metadata: Metadata, orientation: Orientation) {
    var metadata = Metadata()
    var orientation = Orientation.upright
    var profile = JPEGProfileParts()
    var resources: [UInt8] = []
    var marker = cjpeg_marker()
    while cjpeg_reader_next_marker(reader, &marker) != 0 {
      let content = UnsafeBufferPointer(start: marker.bytes, count: marker.count)
      switch marker.code {
      case Int32(CJPEG_EXIF_OR_XMP):
        if metadata.exif == nil, content.starts(with: JPEGHeader.exifSignature) {
          var exif = Array(content.dropFirst(JPEGHeader.exifSignature.count))
          orientation = EXIF.orientation(of: exif)
          EXIF.resetOrientation(of: &exif)
          EXIF.removeThumbnail(from: &exif)
          metadata.exif = exif
        } else if content.starts(with: XMP.signature) {
          let packet = TextEncodings.utf8OrLatin1(content.dropFirst(XMP.signature.count))
          metadata.text.append(.init(keyword: XMP.keyword, value: XMP.forResult(packet)))
          if XMP.removingCompanions(packet) != packet {
            metadata.remarks.append(
              "a motion photograph, or one with a gain map; only the picture is read")
          }
        }
      case Int32(CJPEG_ICC):
        profile.add(content)
      case Int32(CJPEG_PHOTOSHOP):
        if content.starts(with: PhotoshopResources.signature) {
          resources += content.dropFirst(PhotoshopResources.signature.count)
        }
      default:
        let comment = content.reversed().drop { $0 == 0 }.reversed()
        let value = TextEncodings.utf8OrLatin1(Array(comment))
        metadata.text.append(.init(keyword: "Comment", value: value))
      }
    }
    metadata.iccProfile = profile.joined()
    metadata.photoshopResources = PhotoshopResources.forResult(resources)
    return (metadata, orientation)
  }

  private static func resolution(_ header: cjpeg_header) -> Resolution? {
    let unit: Resolution.Unit
    switch header.density_unit {
    case 1: unit = .inch
    case 2: unit = .centimeter
    // Square pixels are what everybody expects.
    default:
      if header.horizontal_density == header.vertical_density { return nil }
      unit = .none
    }
    return Resolution(
      horizontal: Double(header.horizontal_density), vertical: Double(header.vertical_density),
      unit: unit)
  }

  private func damaged() -> ImageError {
    let message = String(cString: cjpeg_reader_message(reader))
    return ImageError(kind: .badData, path: name, message: "damaged JPEG: \(message)")
  }
}

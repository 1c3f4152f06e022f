/// XMP packets (ISO 16684-1), kept as text: PNG's iTXt keyword is used for JPEG's segment too.
///
/// A property stands in a packet as an attribute, `name="value"`, or as an element,
/// `<name>value</name>`. A packet is edited where it is understood and otherwise left as it is.
enum XMP {
  static let keyword = "XML:com.adobe.xmp"
  /// Starts the JPEG segment.
  static let signature: [UInt8] = Array("http://ns.adobe.com/xap/1.0/\0".utf8)

  /// A packet as it holds for what becomes of the picture: upright, and without what tells of a film or
  /// a second picture behind the first, which does not stay with it.
  static func forResult(_ packet: String) -> String {
    removingCompanions(resettingOrientation(packet))
  }

  /// Sets tiff:Orientation, an attribute or an element, to 1 wherever it is given.
  static func resettingOrientation(_ packet: String) -> String {
    var editor = Editor(packet)
    editor.replace("tiff:Orientation") {
      $0.count == 1 && (0x32...0x38).contains($0[0]) ? [0x31] : nil
    }
    return editor.packet
  }

  /// Makes the properties that tell the picture's extents, where there are any, tell these.
  static func settingExtents(_ packet: String, width: Int, height: Int) -> String {
    var editor = Editor(packet)
    for (names, extent) in [
      (["tiff:ImageWidth", "exif:PixelXDimension"], width),
      (["tiff:ImageLength", "exif:PixelYDimension"], height),
    ] {
      for name in names {
        editor.replace(name) { $0.allSatisfy { 0x30...0x39 ~= $0 } ? Array("\(extent)".utf8) : nil }
      }
    }
    return editor.packet
  }

  /// Exchanges tiff:XResolution and tiff:YResolution, as columns have become rows.
  static func transposingResolution(_ packet: String) -> String {
    var editor = Editor(packet)
    guard let across = editor.value(of: "tiff:XResolution"),
      let down = editor.value(of: "tiff:YResolution")
    else { return packet }
    editor.replace("tiff:XResolution") { _ in down }
    editor.replace("tiff:YResolution") { _ in across }
    return editor.packet
  }

  /// Properties of a motion photograph and of a gain map, and the list of what stands in the file.
  private static let companions = [
    "GCamera:MotionPhoto", "Camera:MotionPhoto", "GCamera:MicroVideo", "Camera:MicroVideo",
    "hdrgm:",
    "GContainer:Directory", "Container:Directory", "HDRGainMap:", "apdi:AuxiliaryImageType",
  ]

  static func removingCompanions(_ packet: String) -> String {
    var editor = Editor(packet)
    for name in companions { editor.remove(name) }
    return editor.packet
  }
}

/// Finds properties in a packet.
private struct Editor {
  private var bytes: [UInt8]

  init(_ packet: String) { bytes = Array(packet.utf8) }

  var packet: String { String(decoding: bytes, as: UTF8.self) }

  /// The first value that a property has.
  func value(of name: String) -> [UInt8]? {
    let name = Array(name.utf8)
    guard let place = find(name, from: 0), isOpening(place) else { return nil }
    return range(after: place + name.count).map { Array(bytes[$0]) }
  }

  /// Replaces every value that a property has where there is another.
  mutating func replace(_ name: String, with other: ([UInt8]) -> [UInt8]?) {
    let name = Array(name.utf8)
    var position = 0
    while let place = find(name, from: position) {
      position = place + name.count
      guard isOpening(place), let range = range(after: position), !range.isEmpty,
        let value = other(Array(bytes[range]))
      else {
        continue
      }
      bytes.replaceSubrange(range, with: value)
      position = range.lowerBound + value.count
    }
  }

  /// Whether a name that stands there is an attribute's or an opening tag's.
  private func isOpening(_ place: Int) -> Bool {
    place == 0 || bytes[place - 1] == 0x3C || isSpace(bytes[place - 1])
  }

  /// Where the value stands that follows a name: in quotes behind an equals sign, or up to the next tag.
  private func range(after position: Int) -> Range<Int>? {
    var start = position
    func skipSpace() { while start < bytes.count, isSpace(bytes[start]) { start += 1 } }
    skipSpace()
    guard start < bytes.count else { return nil }
    if bytes[start] == 0x3D {
      start += 1
      skipSpace()
      guard start < bytes.count, bytes[start] == 0x22 || bytes[start] == 0x27 else { return nil }
      let quote = bytes[start]
      start += 1
      return bytes[start...].firstIndex(of: quote).map { start..<$0 }
    }
    guard bytes[start] == 0x3E else { return nil }
    start += 1
    skipSpace()
    guard var end = bytes[start...].firstIndex(of: 0x3C) else { return nil }
    while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  /// Takes away every attribute and element whose name begins so.
  mutating func remove(_ prefix: String) {
    let prefix = Array(prefix.utf8)
    var position = 0
    while let place = find(prefix, from: position) {
      position = place + prefix.count
      guard place > 0,
        let range = bytes[place - 1] == 0x3C ? element(at: place - 1) : attribute(at: place)
      else { continue }
      bytes.removeSubrange(range)
      position = range.lowerBound
    }
  }

  /// An attribute with the space before it.
  private func attribute(at place: Int) -> Range<Int>? {
    guard isSpace(bytes[place - 1]), let equals = bytes[place...].firstIndex(of: 0x3D),
      bytes[place..<equals].allSatisfy(isOfName), let value = range(after: equals),
      value.upperBound < bytes.count
    else { return nil }
    return place - 1..<value.upperBound + 1
  }

  /// An element with all that it holds.
  private func element(at place: Int) -> Range<Int>? {
    let name = bytes[(place + 1)...].prefix(while: isOfName)
    guard let open = bytes[place...].firstIndex(of: 0x3E) else { return nil }
    if bytes[open - 1] == 0x2F { return place..<open + 1 }
    let closing = [0x3C, 0x2F] + Array(name)
    var position = open
    while let end = find(closing, from: position) {
      position = end + closing.count
      if position < bytes.count, bytes[position] == 0x3E { return place..<position + 1 }
    }
    return nil
  }

  private func find(_ name: [UInt8], from start: Int) -> Int? {
    guard let first = name.first, bytes.count >= name.count else { return nil }
    var place = start
    while place <= bytes.count - name.count {
      guard let next = bytes[place...(bytes.count - name.count)].firstIndex(of: first) else {
        return nil
      }
      if bytes[next..<next + name.count].elementsEqual(name) { return next }
      place = next + 1
    }
    return nil
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

  private func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x2D, 0x2E, 0x30...0x3A, 0x41...0x5A, 0x5F, 0x61...0x7A: true
    default: byte >= 0x80
    }
  }
}

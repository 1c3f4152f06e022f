import Tensors

/// The header of a safetensors file, checked against the length of the data that follow it.
struct SafetensorsHeader {
  struct Item {
    let name: String
    let type: ElementType
    let shape: Shape
    /// Byte offsets into the data.
    let range: Range<Int>
  }

  /// The longest header that is read, in bytes.
  static let maximumLength = 16 << 20

  private(set) var metadata: [String: String] = [:]
  /// By offset; together they cover the data without gap or overlap.
  private(set) var items: [Item] = []

  /// The header's length from a file's first eight bytes.
  ///
  /// - Throws: a reason where the length is out of bounds.
  static func length(prefix: some Collection<UInt8>, fileSize: Int) throws(Reason) -> Int {
    guard fileSize >= 8, prefix.count >= 8 else {
      throw Reason("no safetensors file: \(fileSize) bytes, expected at least 8")
    }
    let length = prefix.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(fileSize - 8) else {
      throw Reason(
        "no safetensors file, or cut short: header of \(length) bytes in a file of \(fileSize)")
    }
    guard length <= UInt64(maximumLength) else {
      throw Reason("header of \(length) bytes, expected at most \(maximumLength)")
    }
    return Int(length)
  }

  /// - Parameter dataLength: the bytes that follow the header in the file.
  init(parsing bytes: some Collection<UInt8>, dataLength: Int) throws(Reason) {
    guard bytes.first == UInt8(ascii: "{") else {
      throw Reason("no safetensors file: the header does not start with '{'")
    }
    let members: [JSONMember]
    do {
      let value = try JSONValue(parsing: bytes, limits: JSONLimits(depth: 4, values: 500_000))
      members = value.object ?? []
    } catch { throw Reason("header, \(error)") }
    for member in members {
      if member.key == SafetensorsFile.metadataKey {
        metadata = try Self.metadata(member.value)
      } else {
        items.append(try Self.item(member, dataLength: dataLength))
      }
    }
    items.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for item in items {
      if item.range.lowerBound < end {
        throw Reason("tensor \(quoted(item.name)) overlaps the one before it")
      }
      if item.range.lowerBound > end {
        throw Reason(
          "a hole of \(item.range.lowerBound - end) bytes before tensor \(quoted(item.name))")
      }
      end = item.range.upperBound
    }
    if end != dataLength {
      throw Reason("\(dataLength - end) bytes after the last tensor")
    }
  }

  private static func metadata(_ value: JSONValue) throws(Reason) -> [String: String] {
    guard let members = value.object else {
      throw Reason("__metadata__ is \(value.kind), expected an object")
    }
    var metadata: [String: String] = [:]
    for member in members {
      guard let string = member.value.string else {
        throw Reason(
          "__metadata__ \(quoted(member.key)) is \(member.value.kind), expected a string")
      }
      metadata[member.key] = string
    }
    return metadata
  }

  private static func item(_ member: JSONMember, dataLength: Int) throws(Reason) -> Item {
    let label = "tensor \(quoted(member.key))"
    guard let fields = member.value.object else {
      throw Reason("\(label) is \(member.value.kind), expected an object")
    }
    if let unknown = fields.first(where: { !["dtype", "shape", "data_offsets"].contains($0.key) }) {
      throw Reason("\(label) has an unknown field \(quoted(unknown.key))")
    }
    guard let typeName = member.value["dtype"]?.string else {
      throw Reason("\(label) has no dtype")
    }
    guard let type = ElementType(rawValue: typeName) else {
      throw Reason("\(label) has the unknown dtype \(quoted(typeName))")
    }
    guard let extents = member.value["shape"]?.array else {
      throw Reason("\(label) has no shape")
    }
    guard extents.count <= 16 else {
      throw Reason("\(label) has \(extents.count) dimensions, expected at most 16")
    }
    var dimensions: [Int] = []
    var size = type.size
    for extent in extents {
      guard let extent = extent.int, extent >= 0 else {
        throw Reason("\(label) has an extent that is no non-negative integer")
      }
      // An extent of zero does not excuse the others: their product has to fit too.
      let (product, overflow) = size.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow else { throw Reason("\(label) has a shape whose size overflows") }
      size = product
      dimensions.append(extent)
    }
    if dimensions.contains(0) { size = 0 }
    guard let offsets = member.value["data_offsets"]?.array, offsets.count == 2,
      let begin = offsets[0].int, let end = offsets[1].int, begin >= 0
    else { throw Reason("\(label) has no pair of data_offsets") }
    guard begin <= end, end <= dataLength else {
      throw Reason("\(label) has offsets \(begin)..\(end) outside the data's \(dataLength) bytes")
    }
    guard end - begin == size else {
      throw Reason(
        "\(label) has \(end - begin) bytes, expected \(size) for \(typeName) \(Shape(dimensions))")
    }
    return Item(name: member.key, type: type, shape: Shape(dimensions), range: begin..<end)
  }
}

/// A reason without the file's name.
struct Reason: Error {
  let text: String

  init(_ text: String) { self.text = text }
}

/// A name from a file, with its control characters escaped and not longer than a line bears.
private func quoted(_ name: String) -> String {
  let text = name.count > 80 ? String(name.prefix(80)) + "..." : name
  return "'" + JSONValue.string(text).description.dropFirst().dropLast() + "'"
}

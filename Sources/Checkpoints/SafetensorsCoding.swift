import Files
import Tensors

extension SafetensorsFile {
  /// Reads a file in memory.
  ///
  /// - Parameter name: how errors call it.
  package init(bytes: [UInt8], name: String = "model") throws {
    do {
      let length = try SafetensorsHeader.length(prefix: bytes.prefix(8), fileSize: bytes.count)
      let header = try SafetensorsHeader(
        parsing: bytes[8..<8 + length], dataLength: bytes.count - 8 - length)
      self.init(name: name, header: header, data: bytes[(8 + length)...])
    } catch {
      throw FileError(kind: .badData, path: name, message: error.text)
    }
  }

  init(name: String, header: SafetensorsHeader, data: ArraySlice<UInt8>) {
    var entries: [String: Entry] = [:]
    for item in header.items {
      let start = data.startIndex + item.range.lowerBound
      entries[item.name] = Entry(
        type: item.type, shape: item.shape, bytes: data[start..<start + item.range.count])
    }
    self.init(name: name, metadata: header.metadata, entries: entries)
  }

  /// The file's bytes. Equal contents give equal bytes: the header's keys stand in byte order
  /// after `__metadata__`, the data by falling element size and then by name, so that every
  /// tensor is aligned to its element; the header is padded with spaces to 8 bytes.
  package func encoded() -> [UInt8] {
    let names = names
    var ranges: [String: Range<Int>] = [:]
    var order: [Entry] = []
    var end = 0
    for size in [8, 4, 2, 1] {
      for name in names {
        guard let entry = entries[name], entry.type.size == size else { continue }
        ranges[name] = end..<end + entry.bytes.count
        end += entry.bytes.count
        order.append(entry)
      }
    }
    var header = headerValue(names: names, ranges: ranges).encoded()
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + end)
    bytes += littleEndianBytes([UInt64(header.count)])
    bytes += header
    for entry in order { bytes += entry.bytes }
    return bytes
  }

  private func headerValue(names: [String], ranges: [String: Range<Int>]) -> JSONValue {
    var members: [JSONMember] = []
    if !metadata.isEmpty {
      let keys = metadata.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      let strings = keys.map { JSONMember($0, .string(metadata[$0] ?? "")) }
      members.append(JSONMember(Self.metadataKey, .object(strings)))
    }
    for name in names {
      guard let entry = entries[name], let range = ranges[name] else { continue }
      members.append(
        JSONMember(
          name,
          [
            "dtype": .string(entry.type.rawValue),
            "shape": .array(entry.shape.dimensions.map { JSONValue($0) }),
            "data_offsets": [JSONValue(range.lowerBound), JSONValue(range.upperBound)],
          ]))
    }
    return .object(members)
  }
}

import Files
import Tensors

/// Named tensors and metadata in the safetensors format: an 8-byte little-endian header length,
/// a JSON header, and the elements in C order, little-endian.
///
/// Reading refuses what does not add up, with its reason, before memory is taken for it.
/// Writing is deterministic: equal contents give equal bytes.
package struct SafetensorsFile: Sendable {
  /// A stored tensor.
  package struct Entry: Sendable {
    package let type: ElementType
    package let shape: Shape
    /// `shape.count * type.size` bytes, little-endian, C order.
    package let bytes: ArraySlice<UInt8>
  }

  /// How errors call the file.
  package var name: String
  /// The strings under `__metadata__`.
  package var metadata: [String: String]
  package private(set) var entries: [String: Entry]

  /// An empty file.
  package init(name: String = "model", metadata: [String: String] = [:]) {
    self.name = name
    self.metadata = metadata
    self.entries = [:]
  }

  package init(name: String, metadata: [String: String], entries: [String: Entry]) {
    self.name = name
    self.metadata = metadata
    self.entries = entries
  }

  /// The tensors' names in byte order.
  package var names: [String] {
    entries.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// A tensor as it is stored; nil where the file has none of this name.
  package func entry(_ name: String) -> Entry? { entries[name] }

  func error(_ reason: String) -> FileError {
    FileError(kind: .badData, path: name, message: reason)
  }

  // MARK: Taking out

  /// A floating-point tensor (F16, BF16, F32 or F64, rounded to the nearest float).
  ///
  /// - Parameters:
  ///   - shape: the shape the tensor must have; nil accepts any.
  ///   - finite: whether to refuse NaN and infinity.
  /// - Throws: `FileError` where the tensor is missing, of another type or shape, or not
  ///   finite.
  package func tensor(
    _ name: String, shape: Shape? = nil, finite: Bool = true
  ) throws -> Tensor {
    let entry = try checkedEntry(name, shape: shape)
    guard let numbers = entry.floats else {
      throw error("tensor '\(name)' holds \(entry.type.rawValue), expected floating point")
    }
    if finite, !numbers.allFinite, let index = numbers.firstIndex(where: { !$0.isFinite }) {
      throw error("tensor '\(name)' holds \(numbers[index]) at element \(index)")
    }
    return Tensor(entry.shape, numbers)
  }

  /// Refuses a tensor that is missing or of another shape.
  package func require(_ name: String, shape: Shape) throws {
    _ = try checkedEntry(name, shape: shape)
  }

  private func checkedEntry(_ name: String, shape: Shape?) throws -> Entry {
    guard let entry = entries[name] else { throw error("tensor '\(name)' is missing") }
    if let shape, entry.shape != shape {
      throw error("tensor '\(name)' has shape \(entry.shape), expected \(shape)")
    }
    return entry
  }

  /// Refuses a file that holds other tensors than these: more, or fewer.
  package func requireNames(_ expected: some Sequence<String>) throws {
    let expected = Set(expected)
    if let missing = expected.filter({ entries[$0] == nil }).min() {
      throw error("tensor '\(missing)' is missing")
    }
    if let unknown = names.first(where: { !expected.contains($0) }) {
      throw error("tensor '\(unknown)' is none this model knows")
    }
  }

  // MARK: Putting in

  /// Stores a tensor, by default as F32.
  ///
  /// - Precondition: `type` is F16, BF16 or F32.
  package mutating func set(_ name: String, _ tensor: Tensor, as type: ElementType = .float32) {
    let bytes: [UInt8]
    switch type {
    case .float32: bytes = littleEndianBytes(tensor.elements.lazy.map(\.bitPattern))
    case .float16: bytes = littleEndianBytes(tensor.elements.lazy.map(HalfPrecision.encode))
    case .bfloat16:
      bytes = littleEndianBytes(tensor.elements.lazy.map { BrainPrecision.encode($0) })
    default: preconditionFailure("a tensor is stored as F16, BF16 or F32")
    }
    set(name, Entry(type: type, shape: tensor.shape, bytes: bytes[...]))
  }

  mutating func set(_ name: String, _ entry: Entry) {
    precondition(name != SafetensorsFile.metadataKey, "a tensor has a name of its own")
    entries[name] = entry
  }

  static let metadataKey = "__metadata__"
}

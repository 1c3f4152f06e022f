import Checkpoints
import Files
import Pictures
import Tensors

/// Encodes records in one of the stream formats; the caller writes the bytes where they go.
///
/// `text` and `npy` flatten a record to its means, followed by its log-variances where `variance`
/// is asked for. See Documentation/latent-streams.md.
package struct LatentStreamWriter {
  package let format: LatentStreamFormat
  /// The number of records, where it is known beforehand: `npy` is one array then, and otherwise
  /// an array for every record.
  package let count: Int?
  /// Whether log-variances are written.
  package let variance: Bool
  /// Whose latents are written; ndjson says so in every record, text in the line before records with
  /// log-variances.
  package let origin: LatentOrigin
  private var written = 0
  private var latentShape: Shape?

  package init(
    format: LatentStreamFormat, count: Int? = nil, variance: Bool = false,
    origin: LatentOrigin = LatentOrigin()
  ) {
    self.origin = origin
    self.format = format
    self.count = count
    self.variance = variance
  }

  /// The bytes of the next record, with the stream's header before the first.
  ///
  /// - Throws: `FileError` where the record does not fit the stream: another size than the first
  ///   record's (text and npy), one more than `count` (npy), a number that is not finite, or no
  ///   log-variance where it is asked for.
  package mutating func encode(_ record: LatentRecord) throws -> [UInt8] {
    let logVariance = variance ? record.logVariance : nil
    if variance && logVariance == nil { throw misfit("the record has no log-variance") }
    guard record.mean.allSatisfy(\.isFinite), (logVariance ?? []).allSatisfy(\.isFinite) else {
      throw misfit("record \(written + 1) holds a number that is not finite")
    }
    if format != .ndjson, let latentShape, latentShape.count != record.shape.count {
      throw misfit(
        "record \(written + 1) has shape \(record.shape), the first had \(latentShape);"
          + " use ndjson for latents of several sizes")
    }
    let bytes: [UInt8]
    switch format {
    case .text: bytes = line(record.mean + (logVariance ?? []), of: record)
    case .ndjson: bytes = object(record, logVariance: logVariance)
    case .npy: bytes = try npy(record.mean + (logVariance ?? []), of: record.shape.count)
    }
    latentShape = latentShape ?? record.shape
    written += 1
    return bytes
  }

  /// What closes the stream: the header of an array without rows, where nothing was written.
  ///
  /// - Throws: `FileError` where fewer records came than the header says.
  package func finish(latentSize: Int = 0) throws -> [UInt8] {
    guard format == .npy, let count else { return [] }
    if written < count { throw misfit("\(written) records written, \(count) announced") }
    guard count == 0 else { return [] }
    return NPYHeader(shape: variance ? [0, 2, latentSize] : [0, latentSize]).encoded()
  }

  private func misfit(_ message: String) -> FileError {
    FileError(kind: .badData, path: "latents", message: message)
  }

  private func line(_ numbers: [Float], of record: LatentRecord) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count * 12)
    if written == 0 && variance {
      bytes += LatentTextHeader(origin, hasVariance: true, latents: record.shape.count).encoded()
    }
    Self.append(numbers, separator: UInt8(ascii: "\t"), to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  private static func append(_ numbers: [Float], separator: UInt8, to bytes: inout [UInt8]) {
    for (index, number) in numbers.enumerated() {
      if index > 0 { bytes.append(separator) }
      bytes += number.description.utf8
    }
  }

  private func object(_ record: LatentRecord, logVariance: [Float]?) -> [UInt8] {
    var members: [JSONMember] = []
    if let source = record.source { members.append(JSONMember("source", .string(source))) }
    if let model = origin.model { members.append(JSONMember("model", .string(model))) }
    if let fingerprint = origin.fingerprint {
      members.append(JSONMember("fingerprint", .string(fingerprint)))
    }
    func extents(_ shape: Shape) -> JSONValue {
      .array(shape.dimensions.map { JSONValue($0) })
    }
    if let image = record.image { members.append(JSONMember("image", extents(image))) }
    if !record.groups.isEmpty {
      let groups = record.groups.map { group -> JSONValue in
        ["name": .string(group.name), "shape": extents(group.shape)]
      }
      members.append(JSONMember("groups", .array(groups)))
    }
    members.append(JSONMember("shape", extents(record.shape)))
    // The numbers are written as they come: there may be millions.
    var bytes = JSONValue.object(members).encoded()
    bytes.reserveCapacity(bytes.count + 12 * record.mean.count * (logVariance == nil ? 1 : 2))
    bytes.removeLast()
    for (key, numbers) in [("mean", record.mean), ("log_variance", logVariance)] {
      guard let numbers else { continue }
      bytes += ",\"\(key)\":[".utf8
      Self.append(numbers, separator: UInt8(ascii: ","), to: &bytes)
      bytes.append(UInt8(ascii: "]"))
    }
    return bytes + Array("}\n".utf8)
  }

  private func npy(_ numbers: [Float], of size: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let row = variance ? [2, size] : [size]
    if let count {
      if written == count { throw misfit("more records than the \(count) announced") }
      if written == 0 { bytes = NPYHeader(shape: [count] + row).encoded() }
    } else {
      // The leading 1 tells a vector with its variances from two vectors.
      bytes = NPYHeader(shape: [1] + row).encoded()
    }
    for number in numbers {
      let bits = number.bitPattern
      for shift in [0, 8, 16, 24] as [UInt32] {
        bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
      }
    }
    return bytes
  }
}

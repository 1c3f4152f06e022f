import Files
import Foundation
import Tensors
import Testing

@testable import Checkpoints

@Suite struct SafetensorsTests {
  static func example() -> SafetensorsFile {
    var file = SafetensorsFile(metadata: ["format": "latent.vae", "b": "\"quoted\"\n", "a": ""])
    file.set("encoder.0.weight", Tensor([2, 3], [1, -2, 0.5, .leastNonzeroMagnitude, -0.0, 3e38]))
    file.set("half", Tensor([3], [1, -2.5, 65504]), as: .float16)
    file.set("brain", Tensor([2], [1, -3]), as: .bfloat16)
    let curve = littleEndianBytes([0.1, Double.pi].map(\.bitPattern))
    file.set("curve", SafetensorsFile.Entry(type: .float64, shape: [2], bytes: curve[...]))
    file.set("odd", SafetensorsFile.Entry(type: .uint8, shape: [3], bytes: [1, 2, 3]))
    file.set("scalar", Tensor(.scalar, [7]))
    file.set("empty", Tensor([0, 4]))
    return file
  }

  @Test func roundTrip() throws {
    let file = Self.example()
    let bytes = file.encoded()
    let back = try SafetensorsFile(bytes: bytes)
    #expect(back.metadata == file.metadata)
    #expect(back.names == file.names)
    #expect(try back.tensor("encoder.0.weight") == file.tensor("encoder.0.weight"))
    #expect(try back.tensor("half").elements == [1, -2.5, 65504])
    #expect(try back.tensor("brain").elements == [1, -3])
    #expect(try back.tensor("curve").elements == [0.1, Float(Double.pi)])
    #expect(back.entry("odd")?.bytes == [1, 2, 3])
    #expect(try back.tensor("scalar").shape == .scalar)
    #expect(try back.tensor("empty").shape == [0, 4])
    #expect(back.encoded() == bytes)
  }

  @Test func everyTensorIsAligned() throws {
    let bytes = Self.example().encoded()
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(length % 8 == 0)
    let header = try SafetensorsHeader(
      parsing: bytes[8..<8 + length], dataLength: bytes.count - 8 - length)
    for item in header.items { #expect(item.range.lowerBound % item.type.size == 0) }
  }

  @Test func goldenBytes() {
    var file = SafetensorsFile(metadata: ["k": "v"])
    file.set("b", Tensor([2], [1, -2]))
    file.set("a", SafetensorsFile.Entry(type: .uint8, shape: [1], bytes: [1]))
    let header =
      #"{"__metadata__":{"k":"v"},"a":{"dtype":"U8","shape":[1],"data_offsets":[8,9]},"#
      + #""b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var expected: [UInt8] = [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0]
    expected += Array(padded.utf8) + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 1]
    #expect(file.encoded() == expected)
  }

  @Test func throughAFile() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "m.safetensors").path
    let file = Self.example()
    try file.write(to: path)
    try file.write(to: path)
    #expect(try SafetensorsFile(path: path).encoded() == file.encoded())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    #expect(throws: FileError.self) { try SafetensorsFile(path: folder.path) }
    #expect(throws: FileError.self) { try SafetensorsFile(path: "/dev/zero") }
    #expect(throws: FileError.self) { try SafetensorsFile(path: path + ".none") }
  }

  @Test func halfPrecisionAgainstTheStandardLibrary() {
    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
      for bits in UInt16.min...UInt16.max {
        let value = Float(Float16(bitPattern: bits))
        let decoded = HalfPrecision.decode(bits)
        #expect(decoded == value || (decoded.isNaN && value.isNaN))
        if !value.isNaN { #expect(HalfPrecision.encode(value) == bits) }
      }
      var generator = SystemIndependentGenerator(state: 3)
      for _ in 0..<20_000 {
        let word = UInt32(truncatingIfNeeded: generator.next())
        let value = Float(bitPattern: 0x3300_0000 + word % 0x1500_0000)
        #expect(HalfPrecision.encode(value) == Float16(value).bitPattern)
      }
    #endif
  }

  @Test func brainPrecisionRoundsToEven() {
    #expect(BrainPrecision.encode(Float(bitPattern: 0x3F80_8000)) == 0x3F80)
    #expect(BrainPrecision.encode(Float(bitPattern: 0x3F81_8000)) == 0x3F82)
    #expect(BrainPrecision.decode(BrainPrecision.encode(.nan)).isNaN)
  }

  @Test func checksWhatTheLoaderAsksFor() throws {
    let file = try SafetensorsFile(bytes: Self.example().encoded(), name: "m.safetensors")
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    #expect(
      message { _ = try file.tensor("none") } == "m.safetensors: tensor 'none' is missing")
    #expect(
      message { _ = try file.tensor("half", shape: [4]) }
        == "m.safetensors: tensor 'half' has shape [3], expected [4]")
    #expect(
      message { _ = try file.tensor("odd") }
        == "m.safetensors: tensor 'odd' holds U8, expected floating point")
    #expect(
      message { try file.requireNames(file.names + ["z"]) }
        == "m.safetensors: tensor 'z' is missing")
    #expect(
      message { try file.requireNames(file.names.dropLast()) }.contains("none this model knows"))
    #expect(message { try file.requireNames(file.names) }.isEmpty)
    var broken = SafetensorsFile(name: "m")
    broken.set("w", Tensor([2], [0, .nan]))
    #expect(message { _ = try broken.tensor("w") } == "m: tensor 'w' holds nan at element 1")
    #expect(try broken.tensor("w", finite: false).elements[1].isNaN)
  }
}

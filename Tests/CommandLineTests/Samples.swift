import Foundation
import ImageCodecs
import Testing

/// Pictures made for the tests and models trained on them by the program, once for all tests.
enum Samples {
  /// Eight gray pictures of 12x12: a bright disc at different places. And other kinds of files.
  static let folder: Folder = {
    do {
      let folder = try Folder()
      // Nothing releases a static value.
      atexit { try? FileManager.default.removeItem(atPath: Samples.folder.path) }
      try FileManager.default.createDirectory(
        atPath: folder("discs"), withIntermediateDirectories: true)
      for index in 0..<8 {
        try write(disc(index), to: folder("discs/\(index).png"))
      }
      try write(disc(1, channels: 3), to: folder("colour.png"))
      try write(disc(1, width: 30, height: 20), to: folder("large.png"))
      try write(disc(1, width: 13, height: 9), to: folder("odd.png"))
      try write(disc(6, width: 13, height: 9), to: folder("odd-2.png"))
      try write(disc(1, alpha: true), to: folder("transparent.png"))
      try write(disc(2, depth: 16), to: folder("deep.png"))
      try write(lowerHalf(), to: folder("mask.png"))
      try Data("no picture".utf8).write(to: folder.url("broken.png"))
      return folder
    } catch {
      Issue.record(error)
      preconditionFailure("no samples: \(error)")
    }
  }()

  static func disc(_ index: Int) -> String { folder("discs/\(index).png") }

  /// A gray model of 3 latents.
  static let model = trained("grey", "--latents", "3")
  /// A gray model of 2 latents.
  static let planar = trained("planar", "--latents", "2")
  /// A color model of 3 latents.
  static let color = trained("colour", "--latents", "3", "--color")

  static func trained(_ name: String, _ options: String...) -> String {
    let path = folder("\(name).safetensors")
    let arguments =
      [
        "train", folder("discs"), "-o", path, "--hidden", "8", "--steps", "40", "--batch-size",
        "4", "--learning-rate", "0.01", "--threads", "1", "--quiet",
      ] + options
    do {
      let result = try Program.run(arguments)
      #expect(result.exitCode == 0, "\(result.errors)")
    } catch {
      Issue.record(error)
    }
    return path
  }

  private static func write(_ image: Image, to path: String) throws {
    try ImageWriter.write(image, to: path)
  }

  /// A disc whose place depends on `index`, with a soft edge.
  private static func disc(
    _ index: Int, width: Int = 12, height: Int = 12, channels: Int = 1, alpha: Bool = false,
    depth: Int = 8
  ) -> Image {
    let (x, y) = (Float(3 + index % 4 * 2), Float(4 + index / 4 * 4))
    let plane = (0..<width * height).map { pixel -> Float in
      let (dx, dy) = (Float(pixel % width) - x, Float(pixel / width) - y)
      return min(max(3.5 - (dx * dx + dy * dy).squareRoot(), 0), 1) * 0.9 + 0.05
    }
    return Image(
      planes: (0..<channels).flatMap { channel in plane.map { $0 / Float(channel + 1) } },
      width: width, height: height, channels: channels,
      alpha: alpha ? plane.indices.map { $0 / width < 6 ? 1 : 0 } : nil, depth: depth)
  }

  private static func lowerHalf() -> Image {
    Image(
      planes: (0..<144).map { $0 / 12 < 6 ? 0 : 1 }, width: 12, height: 12, channels: 1)
  }
}

/// A picture file's samples as 8-bit numbers, `[C, H, W]`.
func pixels(_ path: String) throws -> [Int] {
  try ImageReader.read(path: path).colorPlanes().map { Int(($0 * 255).rounded()) }
}

/// The numbers of an array of float32 as NumPy writes it, with its shape as in the header.
func array(_ data: Data) -> (shape: String, numbers: [Float]) {
  let bytes = [UInt8](data)
  let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
  let header = String(decoding: bytes[10..<start], as: UTF8.self)
  let shape = header.split(separator: "(").last?.split(separator: ")").first ?? ""
  let numbers = stride(from: start, to: bytes.count, by: 4).map { place in
    Float(
      bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) })
  }
  return (String(shape), numbers)
}

/// An array of float32 as NumPy writes it.
func npy(_ numbers: [Float], shape: String) -> Data {
  var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape)), }"
  while (header.utf8.count + 11) % 64 != 0 { header += " " }
  header += "\n"
  var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
  data.append(contentsOf: [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
  data.append(Data(header.utf8))
  for number in numbers {
    withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }
  return data
}

extension ImageWriter {
  /// Writes a picture, of the format that the name tells.
  static func write(
    _ image: Image, to path: String, options: EncodingOptions = EncodingOptions()
  ) throws {
    let format = try #require(ImageFormat(path: path))
    try Data(encode(image, format: format, options: options))
      .write(to: URL(fileURLWithPath: path))
  }
}

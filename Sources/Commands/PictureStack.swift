import Files
import Tensors

/// Pictures in one NumPy array: `[N, H, W]`, `[N, C, H, W]` or `[H, W]` on the scale 0...255, as
/// float32, float64 or uint8, little-endian, C order. Unlike a PNG an array keeps noise that is
/// neither rounded nor clipped.
struct PictureStack {
  /// As in the file.
  let shape: [Int]
  /// Where the numbers begin, in bytes.
  private let start: Int
  /// Reads bytes of the file.
  private let read: (_ offset: Int, _ count: Int) throws -> [UInt8]
  private let type: Element
  let path: String

  private enum Element: String, CaseIterable {
    case byte = "|u1"
    case float = "<f4"
    case double = "<f8"

    var size: Int {
      switch self {
      case .byte: 1
      case .float: 4
      case .double: 8
      }
    }

    /// Numbers of a file brought to the scale of [0, 1].
    func decode(
      _ bytes: UnsafeRawBufferPointer, to target: Slice<UnsafeMutableBufferPointer<Float>>
    ) {
      let target = UnsafeMutableBufferPointer(rebasing: target)
      switch self {
      case .byte:
        for place in target.indices { target[place] = Float(bytes[place]) / 255 }
      case .float:
        for place in target.indices {
          let bits = bytes.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self)
          target[place] = Float(bitPattern: UInt32(littleEndian: bits)) / 255
        }
      case .double:
        for place in target.indices {
          let bits = bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)
          target[place] = Float(Double(bitPattern: UInt64(littleEndian: bits))) / 255
        }
      }
    }
  }

  /// Numbers that are read or written at once.
  private static let part = 1 << 16

  /// "\x93NUMPY".
  static let signature: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// N.
  var count: Int { shape.count == 2 ? 1 : shape[0] }
  private var channels: Int { shape.count == 4 ? shape[1] : 1 }
  private var height: Int { shape[shape.count - 2] }
  private var width: Int { shape[shape.count - 1] }

  /// The longest header that is read.
  private static let maximumHeader = 1 << 16

  /// - Throws: `FileError` of kind `badData`.
  init(_ file: [UInt8], path: String) throws {
    try self.init(Array(file.prefix(Self.maximumHeader)), length: file.count, path: path) {
      Array(file[$0..<$0 + $1])
    }
  }

  /// Reads the header only; each picture is read when it is asked for.
  ///
  /// - Throws: `FileError` of kind `badData`.
  init(file: ReadableFile) throws {
    let path = file.path
    try self.init(
      file.read(at: 0, count: Self.maximumHeader), length: file.length ?? 0, path: path
    ) { offset, count in
      // Opened anew, so that thousands of arrays do not take thousands of descriptors.
      try ReadableFile(path: path).read(at: offset, count: count)
    }
  }

  /// - Parameters:
  ///   - file: its first bytes.
  ///   - length: of the whole file.
  private init(
    _ file: [UInt8], length fileLength: Int, path: String,
    read: @escaping (_ offset: Int, _ count: Int) throws -> [UInt8]
  ) throws {
    func refuse(_ reason: String) -> FileError {
      FileError(kind: .badData, path: path, message: reason)
    }
    guard file.count >= 10, file.starts(with: Self.signature) else {
      throw refuse("expected a NumPy array, found something else")
    }
    let isLong = file[6] >= 2
    let start = isLong ? 12 : 10
    guard (1...3).contains(file[6]), file.count >= start else {
      throw refuse("expected version 1, 2 or 3 of the npy format, found \(file[6])")
    }
    let length = file[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= file.count - start else { throw refuse("the header is cut off") }
    let header = String(decoding: file[start..<start + length], as: UTF8.self)
    guard let name = Self.value("descr", in: header)?.dropFirst().prefix(3),
      let type = Element(rawValue: String(name))
    else {
      throw refuse(
        "expected numbers of type float32, float64 or uint8; use array.astype('float32')")
    }
    guard Self.value("fortran_order", in: header)?.hasPrefix("False") == true else {
      throw refuse("expected C order, found Fortran order; use numpy.ascontiguousarray")
    }
    let shape = Self.value("shape", in: header)?.dropFirst().prefix { $0 != ")" }
      .split(separator: ",").map { part in Int(part.filter { $0 != " " }) ?? -1 }
    guard let shape, (2...4).contains(shape.count),
      shape.allSatisfy({ (1...1 << 24).contains($0) }),
      shape.count < 4 || shape[1] == 1 || shape[1] == 3
    else {
      throw refuse(
        "expected pictures of shape [N, H, W], [N, C, H, W] or [H, W], found "
          + "\(shape.map { "\($0)" } ?? "no shape")")
    }
    let count = shape.reduce(1.0) { $0 * Double($1) }
    let dataLength = fileLength - start - length
    guard Double(dataLength) == count * Double(type.size) else {
      throw refuse(
        "expected \(decimal(count * Double(type.size), 0)) bytes of numbers, found \(dataLength)")
    }
    self.path = path
    self.shape = shape
    self.type = type
    self.start = start + length
    self.read = read
  }

  /// What stands after a key of the header's dictionary, without leading spaces.
  private static func value(_ key: String, in header: String) -> Substring? {
    let pattern = Array("'\(key)':")
    let characters = Array(header)
    guard characters.count > pattern.count else { return nil }
    for start in 0..<characters.count - pattern.count
    where characters[start..<start + pattern.count].elementsEqual(pattern) {
      return Substring(String(characters[(start + pattern.count)...])).drop { $0 == " " }
    }
    return nil
  }

  /// One picture, `[C, H, W]`, brought to the scale of [0, 1].
  ///
  /// - Throws: `FileError` where a number is not finite.
  func picture(_ index: Int) throws -> Picture {
    let shape: Shape = [channels, height, width]
    let start = self.start + index * shape.count * type.size
    let elements = try [Float](unsafeUninitializedCapacity: shape.count) { buffer, filled in
      while filled < shape.count {
        let count = min(Self.part, shape.count - filled)
        let bytes = try read(start + filled * type.size, count * type.size)
        guard bytes.count == count * type.size else {
          throw FileError(
            kind: .badData, path: path, message: "the array was cut off while being read")
        }
        bytes.withUnsafeBytes { type.decode($0, to: buffer[filled..<filled + count]) }
        filled += count
      }
    }
    guard elements.allSatisfy(\.isFinite) else {
      throw FileError(
        kind: .badData, path: path, message: "picture \(index) holds a number that is not finite")
    }
    return Picture(pixels: Tensor(shape, elements))
  }

  /// An array of float32 pictures as a file: numbers times 255, neither rounded nor clipped.
  ///
  /// - Parameter shape: of the array; its product is the number of all pixels.
  static func encoded(_ pictures: [Tensor], shape: [Int]) -> [UInt8] {
    var bytes: [UInt8] = []
    forEachPart(pictures, shape: shape) { bytes += $0 }
    return bytes
  }

  /// The same part by part, so that the file need not be in memory.
  static func write(_ pictures: [Tensor], shape: [Int], to output: FileOutput) throws {
    try forEachPart(pictures, shape: shape) { try output.write($0) }
  }

  private static func forEachPart(
    _ pictures: [Tensor], shape: [Int], _ body: ([UInt8]) throws -> Void
  ) rethrows {
    let extents = shape.map(String.init).joined(separator: ", ")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }"
    // Magic number, version and length take ten bytes; the numbers begin at a multiple of 64.
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    let length = [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
    try body(signature + [1, 0] + length + header.utf8)
    for picture in pictures {
      for start in stride(from: 0, to: picture.shape.count, by: part) {
        let numbers = picture.elements[start..<min(start + part, picture.shape.count)]
        try body(
          numbers.map { ($0 * 255).bitPattern.littleEndian }.withUnsafeBytes { Array($0) })
      }
    }
  }
}

import Tensors
import Testing

@testable import Datasets

@Suite struct StoredPicturesTests {
  /// An array as NumPy writes it.
  private func npy(_ type: String, _ shape: [Int], _ data: [UInt8]) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    while (header.utf8.count + 11) % 64 != 0 { header += " " }
    header += "\n"
    var file: [UInt8] = [0x93]
    file += "NUMPY".utf8
    file += [1, 0, UInt8(header.utf8.count & 255), 0]
    file += header.utf8
    return file + data
  }

  private func dataset(_ file: [UInt8]) throws -> Dataset {
    let folder = try TemporaryFolder()
    try folder.write(file, "pictures.npy")
    return try Dataset([folder.path])
  }

  private func levels(_ dataset: Dataset, _ index: Int) throws -> [UInt8] {
    try dataset.sample(index).withBytes { Array($0) }
  }

  @Test func bytes() throws {
    let numbers = (0..<60).map { UInt8(4 * $0) }
    let dataset = try dataset(npy("|u1", [2, 5, 6], numbers))
    #expect(dataset.count == 2 && dataset.shape == [1, 5, 6] && dataset.isCached)
    #expect(try levels(dataset, 1) == Array(numbers[30...]))
    #expect(dataset.name(1).hasSuffix("pictures.npy#1"))
  }

  /// Whichever axis the channels are on, samples are planes.
  @Test(arguments: [[2, 5, 6, 3], [2, 3, 5, 6]]) func color(shape: [Int]) throws {
    let isInterleaved = shape[3] == 3
    let numbers = (0..<180).map { UInt8($0) }
    let dataset = try dataset(npy("|u1", shape, numbers))
    #expect(dataset.count == 2 && dataset.shape == [3, 5, 6])
    var expected: [UInt8] = []
    for place in 0..<90 {
      let (channel, pixel) = (place / 30, place % 30)
      expected.append(numbers[90 + (isInterleaved ? 3 * pixel + channel : place)])
    }
    #expect(try levels(dataset, 1) == expected)
  }

  @Test func sixteenBitsAndFloatingPoint() throws {
    let words = (0..<30).map { UInt16(2000 * $0) }
    var data: [UInt8] = []
    for word in words { data += [UInt8(word & 255), UInt8(word >> 8)] }
    let wide = try dataset(npy("<u2", [1, 5, 6], data))
    let rounded = words.map { UInt8((Float($0) / 65_535 * 255).rounded()) }
    #expect(try levels(wide, 0) == rounded)
    // Beyond black and white there is nothing.
    var numbers = [Float](repeating: 0.2, count: 30)
    numbers.replaceSubrange(..<5, with: [-0.25, 0, 0.5, 1, 1.25])
    data = []
    for number in numbers {
      for shift: UInt32 in [0, 8, 16, 24] {
        data.append(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
      }
    }
    let floating = try dataset(npy("<f4", [1, 5, 6], data))
    var expected = [UInt8](repeating: 51, count: 30)
    expected.replaceSubrange(..<5, with: [0, 0, 128, 255, 255])
    #expect(try levels(floating, 0) == expected)
  }

  @Test func whatIsNoPictureIsNamed() throws {
    let folder = try TemporaryFolder()
    try folder.write(npy("|u1", [7], [1, 2, 3, 4, 5, 6, 7]), "vector.npy")
    try folder.write(npy("|u1", [2, 5, 6], [1]), "short.npy")
    try folder.write(npy("|u1", [1, 5, 6], [UInt8](repeating: 3, count: 30)), "whole.npy")
    let warnings = Warnings()
    let dataset = try Dataset([folder.path]) { warnings.add($0) }
    #expect(dataset.count == 1)
    let told = warnings.all.map(\.description).sorted()
    #expect(told.count == 2)
    #expect(told.first?.contains("short.npy: expected 60 bytes of numbers, found 1") == true)
    #expect(told.last?.contains("vector.npy: expected pictures of shape") == true)
  }
}

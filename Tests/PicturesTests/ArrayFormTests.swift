import Files
import ImageCodecs
import Tensors
import Testing

@testable import Pictures

@Suite("axes and scale of arrays")
struct ArrayFormTests {
  private func array(
    _ type: String, _ shape: [Int], _ data: [UInt8], order: String = "False",
    reading: ArrayReading = .automatic, limits: ImageLimits = .default
  ) throws -> PictureStack {
    let extents = shape.map { "\($0)," }.joined()
    let text = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(extents)), }\n"
    let length = [UInt8(text.utf8.count & 255), UInt8(text.utf8.count >> 8)]
    return try PictureStack(
      NPYHeader.magic + [1, 0] + length + text.utf8 + data, path: "a.npy", reading: reading,
      limits: limits)
  }

  private func floats(_ numbers: [Float]) -> [UInt8] {
    numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } }
  }

  @Test(
    "axes by the shape",
    arguments: [
      ([5, 6], ArrayAxes.hw), ([2, 5, 6], .nhw), ([3, 5, 6], .nhw), ([5, 6, 3], .hwc),
      ([5, 6, 1], .hwc), ([2, 3, 5, 6], .nchw), ([2, 1, 5, 6], .nchw), ([2, 5, 6, 3], .nhwc),
      ([2, 5, 6, 1], .nhwc), ([2, 1, 5, 1], .nchw),
    ])
  func axes(shape: [Int], expected: ArrayAxes) throws {
    #expect(try ArrayAxes(shape: shape) == expected)
  }

  @Test(
    "what may be two things, or is none, is refused",
    arguments: [
      ([7, 3, 3], "[N, H, W] or [H, W, C]"), ([1, 3, 5, 3], "[N, C, H, W] or [N, H, W, C]"),
      ([5, 6, 2], "found 2"), ([2, 5, 6, 2], "found 2"), ([2, 2, 5, 6], "found 2"),
      ([5, 6, 4], "found 4"), ([2, 4, 5, 6], "found 4"), ([2, 5, 6, 4], "found 4"),
      ([2, 5, 6, 7], "expected pictures of shape"), ([5], "expected pictures of shape"),
    ])
  func undecided(shape: [Int], words: String) {
    #expect {
      try ArrayAxes(shape: shape)
    } throws: {
      ($0 as? ArrayFault)?.text.contains(words) ?? false
    }
  }

  @Test("interleaved colors are put in planes, and written as they came")
  func interleaved() throws {
    let data = (0..<60).map { UInt8($0 * 4) }
    let stack = try array("|u1", [5, 4, 3], data, reading: ArrayReading(axes: .hwc))
    let picture = try stack.picture(0)
    #expect(stack.count == 1 && picture.shape == [3, 5, 4])
    #expect(picture.pixels.elements[20 + 1] == Float(4 * 4) / 255)
    let bytes = PictureStack.encoded([picture.pixels], stack.form)
    let again = try PictureStack(bytes, path: "b", reading: ArrayReading(axes: .hwc))
    #expect(again.shape == [5, 4, 3] && again.form.white == 255)
    let numbers = try again.picture(0).pixels.elements
    #expect(zip(numbers, picture.pixels.elements).allSatisfy { abs($0 - $1) < 1e-6 })
    // Two pictures, by the shape.
    let two = try array("|u1", [2, 5, 2, 3], data)
    #expect(two.count == 2 && two.form.axes == .nhwc)
    #expect(try two.picture(1).pixels[10] == Float(31 * 4) / 255)
    // Column-major: element (y, x, c) stands at y + 5 x + 20 c.
    let column = try array(
      "|u1", [5, 4, 3], data, order: "True", reading: ArrayReading(axes: .hwc))
    #expect(try column.picture(0).pixels[20 + 1] == Float((5 + 20) * 4) / 255)
  }

  @Test("white by type and numbers")
  func white() throws {
    func white(_ type: String, _ data: [UInt8], reading: ArrayReading = .automatic) throws -> Float
    {
      let count = data.count / (Int(String(type.dropFirst(2))) ?? 1)
      return try array(type, [1, count], data, reading: reading).form.white
    }
    #expect(try white("|b1", [0, 1]) == 1)
    #expect(try white("|u1", [0, 1]) == 255)
    #expect(try white("<u2", [0, 0, 0, 1]) == 65_535)
    #expect(try white(">u2", [0, 0, 0, 200]) == 255)
    #expect(try white("<f4", floats([0, 0])) == 255)
    #expect(try white("<f4", floats([0, 1])) == 1)
    #expect(try white("<f4", floats([-0.4, 1.2])) == 1)
    #expect(try white("<f4", floats([-30, 300])) == 255)
    #expect(try white("<f2", [0, 0, 0, 0x3C]) == 1)
    #expect(try white("<f4", floats([-1, 1]), reading: ArrayReading(scale: .white(1))) == 1)
    for numbers in [[-1, 1], [0, 3], [0, 60_000]] as [[Float]] {
      #expect {
        try white("<f4", floats(numbers))
      } throws: {
        ($0 as? UndecidedArray)?.remedy == .white
      }
    }
    #expect(throws: UndecidedArray.self) { try white("<i2", [0, 0, 1, 0]) }
  }

  @Test("as a mask every type tells what is hidden")
  func masks() throws {
    func levels(_ type: String, _ data: [UInt8]) throws -> [Float] {
      let count = data.count / (Int(String(type.dropFirst(2))) ?? 1)
      return try array(type, [1, count], data, reading: ArrayReading(scale: .mask))
        .picture(0).pixels.elements
    }
    #expect(try levels("|b1", [0, 1]) == [0, 1])
    #expect(try levels("|u1", [0, 1]) == [0, 1])
    #expect(try levels("|u1", [0, 255]) == [0, 1])
    #expect(try levels(">i8", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) == [0, 1])
    #expect(try levels("<u2", [0, 0, 255, 255]) == [0, 1])
    #expect(try levels("<f4", floats([0, 0.5])) == [0, 0.5])
    #expect(try levels("|i1", [0, 127]) == [0, 1] && levels("<i2", [0, 0, 255, 127]) == [0, 1])
    #expect(try levels("<u4", [0, 0, 0, 0, 255, 255, 255, 255]) == [0, 1])
    #expect(try levels(">i4", [0, 0, 0, 0, 127, 255, 255, 255]) == [0, 1])
    #expect(throws: (any Error).self) { try levels("<f4", floats([0, 1000])) }
    #expect(throws: (any Error).self) { try levels("<u4", [0, 0, 0, 0, 0, 0, 1, 0]) }
  }

  @Test("larger pictures than may be read are refused")
  func limits() throws {
    let stack = try array(
      "|u1", [3, 4], Array(0..<12), limits: ImageLimits(maximumPixels: 11))
    #expect {
      try stack.picture(0)
    } throws: {
      ($0 as? ImageError)?.kind == .tooManyPixels
    }
  }
}

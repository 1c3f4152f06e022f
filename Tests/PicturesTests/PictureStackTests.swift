import Files
import Tensors
import Testing

@testable import Pictures

@Suite("pictures in NumPy arrays")
struct PictureStackTests {
  @Test("a damaged array is refused with its reason")
  func stacks() throws {
    func encoded(_ picture: Tensor, _ shape: [Int]) -> [UInt8] {
      PictureStack.encoded([picture], ArrayForm(shape: shape, axes: .hw, white: 255))
    }
    let good = encoded(Tensor([1, 2, 2], [0, 0.25, 0.5, 1]), [2, 2])
    let stack = try PictureStack(good, path: "a.npy")
    #expect(stack.count == 1 && stack.shape == [2, 2])
    #expect(try stack.picture(0).pixels == Tensor([1, 2, 2], [0, 0.25, 0.5, 1]))
    for length in [0, 5, 9, 40, good.count - 1] {
      #expect(throws: (any Error).self) { try PictureStack(Array(good[..<length]), path: "a") }
    }
    #expect(throws: (any Error).self) { try PictureStack(good + [0], path: "a") }
    let flat = encoded(Tensor([4]), [4])
    #expect(throws: (any Error).self) { try PictureStack(flat, path: "a") }
    let two = encoded(Tensor([1, 2, 2, 2]), [1, 2, 2, 2])
    #expect(throws: (any Error).self) { try PictureStack(two, path: "a") }
    var infinite = good
    infinite.replaceSubrange((good.count - 4)..., with: [0, 0, 0x80, 0x7F])
    #expect(throws: (any Error).self) { try PictureStack(infinite, path: "a").picture(0) }
  }

  private func array(
    _ type: String, order: String = "False", shape: String, _ data: [UInt8],
    reading: ArrayReading = .automatic
  ) throws -> PictureStack {
    var text = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
    while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
    text += "\n"
    let length = [UInt8(text.utf8.count & 255), UInt8(text.utf8.count >> 8)]
    return try PictureStack(
      NPYHeader.magic + [1, 0] + length + text.utf8 + data, path: "a.npy", reading: reading)
  }

  @Test("numbers of every type, of either byte order, on the scale 0 to 255")
  func types() throws {
    let expected = Tensor([1, 1, 2], [1.0 / 255, 1])
    let cases: [(type: String, data: [UInt8])] = [
      ("|u1", [1, 255]), ("<u2", [1, 0, 255, 0]), (">u2", [0, 1, 0, 255]),
      ("<i4", [1, 0, 0, 0, 255, 0, 0, 0]), ("<f2", [0x00, 0x3C, 0xF8, 0x5B]),
      (">f4", [0x3F, 0x80, 0, 0, 0x43, 0x7F, 0, 0]),
      ("<f8", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0xE0, 0x6F, 0x40]),
    ]
    for (type, data) in cases {
      #expect(try array(type, shape: "(1, 2)", data).picture(0).pixels == expected, "\(type)")
    }
  }

  @Test("column-major order is that of NumPy's order='F'")
  func columnMajor() throws {
    let stack = try array(
      "|u1", order: "True", shape: "(2, 2, 3)", Array(0..<12), reading: ArrayReading(axes: .nhw))
    // Element (n, y, x) of the array stands at n + 2 y + 4 x.
    let second: [Float] = [1, 5, 9, 3, 7, 11]
    #expect(stack.count == 2)
    #expect(try stack.picture(1).pixels == Tensor([1, 2, 3], second.map { $0 / 255 }))
  }

  @Test("what is not a picture's array is refused with the path and a reason")
  func reasons() {
    func reason(_ type: String, _ shape: String, _ data: [UInt8]) -> String {
      do {
        _ = try array(type, shape: shape, data)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(reason("|u1", "(4,)", [1, 2, 3, 4]).contains("a.npy: expected pictures of shape"))
    #expect(reason("<c8", "(1, 1)", []).contains("'<c8'"))
    #expect(reason("<f4", "(1, 2)", [0]).contains("expected 8 bytes of numbers, found 1"))
    #expect(reason("|u1", "(1, 99999999, 99999999)", []).contains("is too large"))
  }
}

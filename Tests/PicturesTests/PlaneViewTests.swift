import Tensors
import Testing

@testable import Pictures

@Suite("regions and planes")
struct PlaneViewTests {
  private let picture = Tensor([2, 3, 4], (0..<24).map { Float($0) })

  @Test func partsAreCutOut() {
    let part = picture.cropped(to: Region(top: 1, left: 2, height: 2, width: 2))
    #expect(part == Tensor([2, 2, 2], [6, 7, 10, 11, 18, 19, 22, 23]))
    #expect(picture.cropped(to: Region(height: 3, width: 4)) == picture)
  }

  @Test("a part goes from planes of one region to planes of another by its place in the picture")
  func partsAreCopied() {
    let part = Region(top: 1, left: 1, height: 1, width: 2)
    var target = Tensor([2, 2, 3], repeating: -1)
    picture.withPlanes { source in
      target.withUnsafeMutableElements { numbers in
        MutablePlaneView(
          numbers, channels: 2, region: Region(top: 1, left: 0, height: 2, width: 3)
        ).copy(part, from: source)
      }
    }
    #expect(target == Tensor([2, 2, 3], [-1, 5, 6, -1, -1, -1, -1, 17, 18, -1, -1, -1]))
  }

  @Test func regions() {
    let region = Region(top: 2, left: 3, height: 4, width: 5)
    #expect(region.area == 20 && region.offset(row: 3, column: 4) == 6)
    #expect(region.clamped(to: Region(height: 4, width: 4)) == Region(rows: 2..<4, columns: 3..<4))
    #expect(region.relative(to: Region(top: 1, left: 1, height: 9, width: 9)).top == 1)
    #expect(Region(height: 6, width: 8).contains(region))
    #expect(!Region(height: 5, width: 8).contains(region))
  }

  @Test func colors() {
    let picture = Picture(pixels: Tensor([3, 1, 2], [1, 0, 0, 1, 0, 0]), alpha: [1, 0.25])
    #expect(picture.gray().pixels.elements == [0.299, 0.587])
    #expect(picture.flattened(on: .white).pixels.elements == [1, 0.75, 0, 1, 0, 0.75])
    #expect(!picture.isGray && picture.gray().color().isGray)
  }
}

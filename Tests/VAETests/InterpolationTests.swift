import Tensors
import Testing

@testable import VAE

@Suite struct InterpolationTests {
  private let a = Tensor([2], [1, 0])
  private let b = Tensor([2], [0, 3])

  @Test(arguments: Interpolation.allCases)
  func endsAreTheEnds(_ way: Interpolation) {
    let path = way.path(through: [a, b], count: 5)
    #expect(path.count == 5)
    #expect(path[0] == a)
    #expect(zip(path[4].elements, b.elements).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func linearMiddle() {
    #expect(Interpolation.linear.between(a, b, at: 0.5) == Tensor([2], [0.5, 1.5]))
  }

  /// Half way along a quarter circle, half way in length.
  @Test func sphericalMiddle() {
    let middle = Interpolation.spherical.between(a, b, at: 0.5)
    #expect(abs(middle[0] - 2 * 0.70710678) < 1e-5)
    #expect(abs(middle[1] - 2 * 0.70710678) < 1e-5)
  }

  @Test func parallelVectorsFallBackToTheLine() {
    let c = Interpolation.spherical.between(a, Tensor([2], [3, 0]), at: 0.25)
    #expect(abs(c[0] - 1.5) < 1e-6 && c[1] == 0)
  }

  @Test("groups go their ways on their own")
  func groups() {
    let (c, d) = (Tensor([4], [1, 0, 5, 0]), Tensor([4], [0, 3, 5, 1]))
    let path = Interpolation.spherical.path(through: [c, d], count: 3, groups: [2, 2])
    let parts = [(0, 2), (2, 4)].map { start, end in
      Interpolation.spherical.between(
        Tensor([2], Array(c.elements[start..<end])), Tensor([2], Array(d.elements[start..<end])),
        at: 0.5
      ).elements
    }
    #expect(path[1].elements == parts[0] + parts[1])
    #expect(path[1] != Interpolation.spherical.between(c, d, at: 0.5))
    #expect(path[0] == c)
  }

  @Test("groups that do not change stay the first stop's")
  func changing() {
    let (c, d) = (Tensor([4], [1, 0, 5, 0]), Tensor([4], [0, 3, 5, 1]))
    let path = Interpolation.linear.path(
      through: [c, d, c], count: 5, groups: [2, 2], changing: [false, true])
    #expect(path.map { Array($0.elements[..<2]) }.allSatisfy { $0 == [1, 0] })
    #expect(path.map { $0[3] } == [0, 0.5, 1, 0.5, 0])
  }

  @Test func stopsAreVisitedInTurn() {
    let positions = Interpolation.linear.positions(stops: 3, count: 5)
    #expect(positions.map(\.segment) == [0, 0, 1, 1, 2])
    #expect(positions.map(\.position) == [0, 0.5, 0, 0.5, 0])
  }
}

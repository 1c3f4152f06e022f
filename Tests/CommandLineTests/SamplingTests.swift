import Foundation
import Testing

@Suite("sample, interpolate")
struct SamplingTests {
  @Test("the seed decides, and picture i does not depend on how many are drawn")
  func seeds() throws {
    let folder = try Folder()
    for (name, count, seed) in [("a", "2", "1"), ("b", "3", "1"), ("c", "2", "2")] {
      try Program.succeed(
        "sample", "-m", Samples.model, "-n", count, "--seed", seed, "-o",
        folder("\(name)-%02d.png"))
    }
    #expect(try folder.data("a-02.png") == folder.data("b-02.png"))
    #expect(try folder.data("a-01.png") != folder.data("a-02.png"))
    #expect(try folder.data("a-01.png") != folder.data("c-01.png"))
    #expect(try folder.names.count == 7)
  }

  @Test("a grid holds the pictures row by row with a white gap")
  func grid() throws {
    let folder = try Folder()
    try Program.succeed(
      "sample", "-m", Samples.model, "--grid", "3x2", "--gap", "1", "-o", folder("grid.png"))
    try Program.succeed("sample", "-m", Samples.model, "-n", "6", "-o", folder("s-%d.png"))
    let sheet = try pixels(folder("grid.png"))
    #expect(sheet.count == 38 * 25)
    let fifth = try pixels(folder("s-5.png"))
    for row in 0..<12 {
      let start = (13 + row) * 38 + 13
      #expect(Array(sheet[start..<start + 12]) == Array(fifth[row * 12..<(row + 1) * 12]))
    }
    #expect(sheet[12] == 255 && sheet[12 * 38] == 255)
  }

  @Test("temperature 0 draws the mean of the prior")
  func temperature() throws {
    let folder = try Folder()
    try Program.succeed(
      "sample", "-m", Samples.model, "--temperature", "0", "-o", folder("mean.png"))
    try Program.succeed(
      "decode", "-m", Samples.model, "-o", folder("zero.png"), input: Data("0 0 0\n".utf8))
    #expect(try folder.data("mean.png") == folder.data("zero.png"))
  }

  @Test("a manifold's middle cell is the mean of the prior")
  func manifold() throws {
    let folder = try Folder()
    try Program.succeed("sample", "-m", Samples.planar, "--manifold", "3x3", "-o", folder("m.png"))
    try Program.succeed(
      "decode", "-m", Samples.planar, "-o", folder("zero.png"), input: Data("0\t0\n".utf8))
    let sheet = try pixels(folder("m.png"))
    let middle = try pixels(folder("zero.png"))
    for row in 0..<12 {
      let start = (12 + row) * 36 + 12
      #expect(Array(sheet[start..<start + 12]) == Array(middle[row * 12..<(row + 1) * 12]))
    }
  }

  @Test("the ends of a strip are the reconstructions, or the pictures themselves")
  func ends() throws {
    let folder = try Folder()
    try Program.succeed(
      "interpolate", Samples.disc(0), Samples.disc(7), "-m", Samples.model, "--frames", "5", "-o",
      folder("f-%d.png"))
    try Program.succeed("reconstruct", Samples.disc(7), "-m", Samples.model, "-o", folder("r.png"))
    #expect(try folder.data("f-5.png") == folder.data("r.png"))
    for path in ["linear", "spherical"] {
      try Program.succeed(
        "interpolate", Samples.disc(0), Samples.disc(7), "-m", Samples.model, "--frames", "3", "-o",
        folder("strip.png"), "--exact-ends", "--path", path)
      let strip = try pixels(folder("strip.png"))
      #expect(strip.count == 36 * 12)
      #expect(try Array(strip[0..<12]) == Array(pixels(Samples.disc(0))[0..<12]))
      #expect(try Array(strip[24..<36]) == Array(pixels(Samples.disc(7))[0..<12]))
    }
  }

  @Test("frames to standard output are pictures one after another")
  func pipe() throws {
    let folder = try Folder()
    let stream = try Program.succeed(
      "interpolate", Samples.disc(0), Samples.disc(7), "-m", Samples.model, "--frames", "3", "-o",
      "-"
    ).output
    try Program.succeed(
      "interpolate", Samples.disc(0), Samples.disc(7), "-m", Samples.model, "--frames", "3", "-o",
      folder("f-%d.png"))
    #expect(try stream == (1...3).reduce(Data()) { try $0 + folder.data("f-\($1).png") })
  }
}

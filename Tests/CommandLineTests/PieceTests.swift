import Tensors
import Testing

@testable import Commands

@Suite("pieces of commands")
struct PieceTests {
  @Test func patterns() {
    #expect(OutputPattern("out-%04d.png")?.path(7) == "out-0007.png")
    #expect(OutputPattern("%d")?.path(12) == "12")
    #expect(OutputPattern("100%%-%d.png")?.path(1) == "100%-1.png")
    for text in ["out.png", "%s.png", "%4d.png", "%d-%d.png", "100%%.png", "50%"] {
      #expect(OutputPattern(text) == nil)
    }
  }

  @Test func decimals() {
    #expect(decimal(-1.005, 1) == "-1.0")
    #expect(decimal(0.05, 1) == "0.1")
    #expect(decimal(-0.001, 2) == "0.00")
    #expect(decimal(12.5, 0) == "13")
    #expect(decimal(.infinity, 2) == "inf" && decimal(.nan, 2) == "nan")
    #expect(grouped(1_234_567) == "1,234,567" && grouped(-123) == "-123")
    #expect(duration(59.4) == "59s" && duration(200) == "3m20s" && duration(7500) == "2h05m")
  }

  @Test("the quantile of the normal distribution")
  func quantiles() {
    #expect(abs(LatentManifold.quantile(0.975) - 1.959_963_984_540_054) < 1e-12)
    #expect(abs(LatentManifold.quantile(0.001) + 3.090_232_306_167_813) < 1e-12)
    #expect(abs(LatentManifold.quantile(0.5)) < 1e-15)
    let corner = LatentManifold(columns: 4, rows: 2).vector(0)
    #expect(abs(corner[0] + 1.150_349) < 1e-5 && abs(corner[1] - 0.674_490) < 1e-5)
  }

  @Test("tiles cover everything, overlap, and lose nothing", arguments: [8, 9, 13, 31, 40])
  func tiles(extent: Int) throws {
    let starts = TileGrid.starts(extent: extent, tile: 8)
    #expect(starts.first == 0 && starts.last == extent - 8)
    for (a, b) in zip(starts, starts.dropFirst()) { #expect(a < b && b - a <= 6) }
    let picture = Tensor([2, extent, 11], (0..<22 * extent).map { Float($0) })
    let grid = try #require(
      TileGrid(width: 11, height: extent, tileWidth: 8, tileHeight: 8))
    let same = try grid.map([picture]) { layers in
      #expect(layers[0].shape == [2, 8, 8])
      return layers[0]
    }
    #expect(same.shape == picture.shape)
    for (a, b) in zip(same.elements, picture.elements) { #expect(abs(a - b) < 1e-3) }
    #expect(TileGrid(width: 7, height: 9, tileWidth: 8, tileHeight: 8) == nil)
  }

  @Test func means() {
    var mean = RunningMean()
    for value in [1.0, 2, 3, 4] { mean.add(value) }
    #expect(mean.mean == 2.5)
    #expect(abs((mean.standardError ?? 0) - (5.0 / 3 / 4).squareRoot()) < 1e-12)
  }

  @Test("structural similarity: 1 for equal pictures, by the formula for constant ones")
  func similarity() throws {
    let a = [Double](repeating: 100, count: 144)
    let b = [Double](repeating: 150, count: 144)
    #expect(try #require(StructuralSimilarity.mean(a, a, height: 12, width: 12)) == 1)
    let c1 = 2.55 * 2.55
    let expected = (2.0 * 100 * 150 + c1) / (100.0 * 100 + 150 * 150 + c1)
    let value = try #require(StructuralSimilarity.mean(a, b, height: 12, width: 12))
    #expect(abs(value - expected) < 1e-9)
    #expect(StructuralSimilarity.mean(a, b, height: 4, width: 36) == nil)
  }

  @Test("names are looked up in order; paths are left alone")
  func locator() throws {
    let folder = try Folder()
    let locator = ModelLocator(
      variable: "/first:/second", executable: folder("build/debug/latent"))
    #expect(locator.folders.prefix(2) == ["/first", "/second"])
    #expect(locator.folders[2].hasSuffix("build/debug/../share/latent/models"))
    #expect(try locator.path(of: "a/b") == "a/b")
    #expect(try locator.path(of: "b.safetensors") == "b.safetensors")
    #expect(throws: Failure.self) { try locator.path(of: "b") }
  }

  @Test("lines come more and more rarely where no terminal is; one is written over where one is")
  func progress() {
    nonisolated(unsafe) var time = 0.0
    nonisolated(unsafe) var text = ""
    var display = ProgressDisplay(.lines, clock: { time }, write: { text += $0 })
    var times: [Double] = []
    while time < 60 {
      if display.isDue {
        display.show("x")
        times.append(time)
      }
      time += 0.25
    }
    #expect(times.first == 2)
    let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
    #expect(gaps.count >= 4 && gaps == gaps.sorted())
    #expect(text == String(repeating: "x\n", count: times.count))

    text = ""
    display = ProgressDisplay(
      .terminal, clock: { time }, write: { text += $0 }, width: { 3 })
    display.show("abc")
    display.show("b")
    display.keep("done")
    display.close()
    #expect(text == "\r\u{1B}[Kab\r\u{1B}[Kb\ndone\n")
    #expect(!ProgressDisplay(.quiet).isDue)
  }

  @Test("a batch tells which picture it is at, and how long the others will take")
  func batches() {
    #expect(Batch.progress(done: 0, of: 9, after: 0, name: "a.png") == "1/9  a.png")
    #expect(Batch.progress(done: 3, of: 9, after: 30, name: "b") == "4/9  1m00s left  b")
    #expect(Batch.progress(done: 3, of: nil, after: 30, name: "-") == "4  -")
  }

  @Test("a record holds what was chosen, without paths")
  func records() throws {
    let record = Record("denoise", ["--model": "m", "--sigma": nil, "--tiled": "", "--draws": nil])
    #expect(record.line == "latent 0.1.0 denoise --model m --tiled")
    record.set("--sigma", Record.number(12.5))
    record.set("--draws", Record.number(3, unless: 4))
    #expect(record.line == "latent 0.1.0 denoise --model m --sigma 12.5 --tiled --draws 3")
    #expect(record.entry(sample: 2).value.hasSuffix(" --draws 3, sample 2"))
    #expect(Record.number(25) == "25" && Record.number(4, unless: 4) == nil)
    for (name, recorded) in [("digits", "digits"), ("/home/me/v1.2.safetensors", "v1.2")] {
      let command = try Denoise.parse(["a.png", "-m", name, "-o", "b.png"])
      #expect(command.model.recordedName == recorded)
    }
  }

  @Test("a damaged array is refused with its reason")
  func stacks() throws {
    let good = PictureStack.encoded([Tensor([1, 2, 2], [0, 0.25, 0.5, 1])], shape: [2, 2])
    let stack = try PictureStack(good, path: "a.npy")
    #expect(stack.count == 1 && stack.shape == [2, 2])
    #expect(try stack.picture(0).pixels == Tensor([1, 2, 2], [0, 0.25, 0.5, 1]))
    for length in [0, 5, 9, 40, good.count - 1] {
      #expect(throws: (any Error).self) { try PictureStack(Array(good[..<length]), path: "a") }
    }
    #expect(throws: (any Error).self) { try PictureStack(good + [0], path: "a") }
    let flat = PictureStack.encoded([Tensor([4])], shape: [4])
    #expect(throws: (any Error).self) { try PictureStack(flat, path: "a") }
    let two = PictureStack.encoded([Tensor([1, 2, 2, 1])], shape: [1, 2, 2, 1])
    #expect(throws: (any Error).self) { try PictureStack(two, path: "a") }
    var infinite = good
    infinite.replaceSubrange((good.count - 4)..., with: [0, 0, 0x80, 0x7F])
    #expect(throws: (any Error).self) { try PictureStack(infinite, path: "a").picture(0) }
  }
}

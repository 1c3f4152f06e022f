import CKernels
import Tensors
import Testing

@testable import Graphs

#if canImport(Glibc)
  import Glibc
#endif

/// The number of threads is the process's, so these tests run one after another.
@Suite("Threads and repeatability", .serialized)
struct BackendThreadTests {
  private static let large: [BackendCase] = {
    let geometry = ConvolutionGeometry(padding: 1)
    let (x, w): (Shape, Shape) = ([3, 8, 20, 21], [12, 8, 3, 3])
    let y: Shape = [3, 12, 20, 21]
    return [
      BackendCase(.dense, [[50, 120], [90, 120], [90]], [50, 90], terms: 121),
      BackendCase(
        .matrixProduct(transposeA: true, transposeB: false), [[60, 100], [60, 110]], [100, 110],
        terms: 60),
      BackendCase(.dense, [[120, 90], [50, 90], [50]], [120, 50], terms: 91),
      BackendCase(
        .matrixProduct(transposeA: true, transposeB: false), [[60, 110], [60, 40]], [110, 40],
        terms: 60),
      BackendCase(
        .matrixProduct(transposeA: false, transposeB: false), [[60, 100], [100, 110]], [60, 110],
        terms: 100),
      BackendCase(.convolution(geometry), [x, w, [12]], y, terms: 72),
      BackendCase(.convolutionTransposed(geometry), [y, w, [8]], x, terms: 108),
      BackendCase(.convolutionWeightGradient(geometry), [x, y], w, terms: 1260),
      BackendCase(.unary(.tanh), [[300, 200]], [300, 200], terms: 1),
      BackendCase(.special(.normalCDF), [[300, 20]], [300, 20], terms: 1),
      BackendCase(.reduce(.sum, axes: [0, 1]), [[700, 301]], [1, 1], terms: 210_700),
      BackendCase(.reduce(.sum, axes: [0]), [[700, 301]], [1, 301], terms: 700),
    ]
  }()

  @Test(
    "Minimal filtering: no place depends on the number of threads, sums to within rounding",
    arguments: MinimalFilteringTests.cases)
  func minimalFiltering(_ item: BackendCase) throws {
    let before = Threads.count
    defer { Threads.set(before) }
    let inputs = item.randomInputs()
    let results = try [1, 3].map { threads in
      Threads.set(threads)
      return try evaluate(item.operation, inputs, item.output, on: PortableBackend())
    }
    if case .convolutionWeightGradient = item.operation {
      #expect(largestError(results[1], results[0]) <= 5e-5)
    } else {
      #expect(results[0] == results[1])
    }
  }

  @Test("Same bits in every run, right for any number of threads", arguments: large)
  func repeatable(_ item: BackendCase) throws {
    let before = Threads.count
    defer { Threads.set(before) }
    let inputs = item.randomInputs()
    let expected = try evaluate(item.operation, inputs, item.output, on: ReferenceBackend())
    for backend in BackendOperationTests.backends {
      for threads in [1, 2, 3] {
        Threads.set(threads)
        let first = try evaluate(item.operation, inputs, item.output, on: backend)
        #expect(
          largestError(first, expected) <= 2e-7 * (4 + Float(item.terms).squareRoot()),
          "\(backend.name), \(threads) threads")
        for runs in [1, 3] {
          let again = try evaluate(item.operation, inputs, item.output, on: backend, runs: runs)
          #expect(again == first, "\(backend.name), \(threads) threads")
        }
      }
    }
  }

  @Test("The number of threads is as set, and all cores for 0")
  func count() {
    let before = Threads.count
    defer { Threads.set(before) }
    Threads.set(3)
    #expect(Threads.count == 3)
    Threads.set(0)
    #expect(Threads.count >= 1)
  }

  @Test("Several threads may compute at once")
  func concurrent() async throws {
    let item = Self.large[0]
    let inputs = item.randomInputs()
    let backends = BackendOperationTests.backends
    for backend in backends {
      let expected = try evaluate(item.operation, inputs, item.output, on: backend)
      try await withThrowingTaskGroup(of: [Float].self) { group in
        for _ in 0..<4 {
          group.addTask {
            try evaluate(item.operation, inputs, item.output, on: backend, runs: 20)
          }
        }
        for try await found in group { #expect(found == expected, "\(backend.name)") }
      }
    }
  }
}

@Suite("Choice of backend")
struct BackendSelectionTests {
  @Test("Names") func names() throws {
    for name in Backends.available { #expect(try Backends.named(name).name == name) }
    #expect(Backends.default.name == Backends.available[0])
    #expect(Backends.available.contains("onednn") == (OneDNNBackend.version != nil))
  }

  @Test("An unknown name is refused with what there is")
  func unknown() {
    let error = #expect(throws: BackendError.self) { try Backends.named("cuda") }
    #expect(error?.description.contains("portable, reference") == true)
    #expect(error?.description.contains("'cuda'") == true)
  }
}
